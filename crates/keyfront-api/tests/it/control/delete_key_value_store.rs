//! `DeleteKeyValueStore` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::{DATA_PLANE, FIRST, SECOND, STORES, create, list_tags};
use crate::fixture::{World, tags};

#[tokio::test]
async fn a_store_goes_with_its_pairs_and_tags() {
    let world = World::new();
    let created = create(&world, &format!("<Name>routes</Name>{}", tags([("team", "edge")]))).send().await;
    let arn = created.element("ARN").to_owned();
    let store = crate::fixture::Store { name: "routes".to_owned(), arn: arn.parse().unwrap() };
    world.put(&store, &[("a", "1"), ("b", "2")]).await;
    let deleted = world.control("DELETE", store.control_path()).if_match(FIRST).send().await;
    assert_snapshot!(deleted, @"
    204
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005
    ");
    assert_eq!(world.control("GET", store.control_path()).send().await.status, 404);
    assert_eq!(list_tags(&world, &arn).send().await.status, 404);
    let again = world.control("DELETE", store.control_path()).if_match(FIRST).send().await;
    assert_snapshot!(again, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>EntityNotFound</Code><Message>The entity was not found.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000008</RequestId></ErrorResponse>
    "#);
}

#[tokio::test]
async fn the_etag_must_be_the_one_of_the_configuration() {
    let world = World::new();
    let store = world.store("routes").await;
    let delete = || world.control("DELETE", store.control_path());
    assert_snapshot!(delete().send().await, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>InvalidIfMatchVersion</Code><Message>The If-Match version is missing or not valid for the resource.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(delete().if_match(SECOND).send().await, @r#"
    412
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>The request failed because it didn't meet the preconditions in one or more request-header fields.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000004</RequestId></ErrorResponse>
    "#);
    assert_eq!(delete().if_match(DATA_PLANE).send().await.status, 412);
    assert_eq!(delete().if_match(FIRST).send().await.status, 204);
}

#[tokio::test]
async fn a_store_is_not_found_whatever_the_etag() {
    let world = World::new();
    let delete = world.control("DELETE", format!("{STORES}/nothing")).if_match(FIRST).send().await;
    assert_eq!(delete.refusal(), "404 EntityNotFound: The entity was not found.");
}

#[tokio::test]
async fn a_store_in_use_is_kept() {
    let world = World::new();
    let store = world.store("routes").await;
    world.refer("distribution/E1", &store.arn.to_string()).await;
    let delete = || world.control("DELETE", store.control_path()).if_match(FIRST);
    assert_snapshot!(delete().send().await, @r#"
    409
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>CannotDeleteEntityWhileInUse</Code><Message>The entity cannot be deleted while it is in use.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    world.let_go("distribution/E1").await;
    assert_eq!(delete().send().await.status, 204);
}
