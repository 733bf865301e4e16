//! `ListTagsForResource` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::{create, list_tags};
use crate::fixture::{World, tags};

#[tokio::test]
async fn a_resource_without_tags_has_an_empty_list() {
    let world = World::new();
    let arn = world.store("routes").await.arn.to_string();
    assert_snapshot!(list_tags(&world, &arn).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <Tags xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items/></Tags>
    "#);
}

#[tokio::test]
async fn tags_come_in_the_order_of_their_keys() {
    let world = World::new();
    let created =
        create(&world, &format!("<Name>a</Name>{}", tags([("z", "1"), ("a", "2"), ("Z", "3")]))).send().await;
    let listed = list_tags(&world, created.element("ARN")).send().await;
    assert_eq!(listed.elements("Key"), ["Z", "a", "z"]);
}

/// An id has one store, however its hexadecimal digits are written.
#[tokio::test]
async fn an_arn_in_other_letters_names_the_same_resource() {
    let world = World::new();
    let created = create(&world, &format!("<Name>a</Name>{}", tags([("team", "edge")]))).send().await;
    let arn = created.element("ARN");
    let (prefix, id) = arn.rsplit_once('/').unwrap();
    let listed = list_tags(&world, &format!("{prefix}/{}", id.to_uppercase())).send().await;
    assert_eq!(listed.elements("Key"), ["team"]);
}

#[tokio::test]
async fn a_resource_that_does_not_exist_is_refused() {
    let world = World::new();
    let unknown = "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
    assert_snapshot!(list_tags(&world, unknown).send().await, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>NoSuchResource</Code><Message>The specified resource doesn't exist. Update your request and try again.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let mut refusals = Vec::new();
    for resource in ["routes", "", "arn:aws:cloudfront::111122223333:function/redirect"] {
        refusals.push(list_tags(&world, resource).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value 'routes' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-cn)?:cloudfront::[0-9]+:.*
    400 MalformedXML: 1 validation error detected: Value '' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-cn)?:cloudfront::[0-9]+:.*
    404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.
    ");
}
