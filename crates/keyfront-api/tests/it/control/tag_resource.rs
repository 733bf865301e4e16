//! `TagResource` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::functions::{describe, made};
use super::{FIRST, list_tags, tagging};
use crate::fixture::{STRANGER, World, tags};

#[tokio::test]
async fn tags_are_added_and_a_known_key_takes_the_new_value() {
    let world = World::new();
    let arn = world.store("routes").await.arn.to_string();
    let first = tagging(&world, "Tag", &arn).body(tags([("team", "edge"), ("b", "")])).send().await;
    assert_snapshot!(first, @"
    204
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003
    ");
    let more = tags([("team", "core"), ("Ünit:/=+-@_. x", "v")]);
    assert_eq!(tagging(&world, "Tag", &arn).body(more).send().await.status, 204);
    assert_snapshot!(list_tags(&world, &arn).send().await.body, @r#"
    <?xml version="1.0"?>
    <Tags xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Items><Tag><Key>b</Key><Value></Value></Tag><Tag><Key>team</Key><Value>core</Value></Tag><Tag><Key>Ünit:/=+-@_. x</Key><Value>v</Value></Tag></Items></Tags>
    "#);
}

#[tokio::test]
async fn a_function_has_tags_which_do_not_move_its_etag() {
    let world = World::new();
    let arn = made(&world, "redirect").await.element("FunctionARN").to_owned();
    assert_eq!(list_tags(&world, &arn).send().await.elements("Tag").len(), 0);
    let body = tags([("team", "edge"), ("stage", "dev")]);
    assert_eq!(tagging(&world, "Tag", &arn).body(body).send().await.status, 204);
    let keys = "<TagKeys><Items><Key>stage</Key></Items></TagKeys>";
    assert_eq!(tagging(&world, "Untag", &arn).body(keys).send().await.status, 204);
    assert_eq!(
        list_tags(&world, &arn).send().await.element("Items"),
        "<Tag><Key>team</Key><Value>edge</Value></Tag>"
    );
    assert_eq!(describe(&world, "redirect", "").send().await.header("etag"), FIRST);
    let absent = arn.replace("redirect", "nothing");
    for call in [list_tags(&world, &absent), tagging(&world, "Tag", &absent).body(tags([("a", "b")]))] {
        assert_eq!(
            call.send().await.refusal(),
            "404 NoSuchResource: The specified resource doesn't exist. Update your request and try again."
        );
    }
}

#[tokio::test]
async fn tags_are_refused_for_what_is_wrong_with_them() {
    let world = World::new();
    let arn = world.store("routes").await.arn.to_string();
    let numbered = |from: usize, to: usize| tags((from..to).map(|n| (format!("k{n}"), "v")));
    let tag = |body: String| tagging(&world, "Tag", &arn).body(body);
    assert_eq!(tag(numbered(0, 49)).send().await.status, 204);
    let mut refusals = Vec::new();
    for body in [
        numbered(49, 51),
        tags([("aws:team", "edge")]),
        tags([("team", "edge"), ("team", "core")]),
        tags([("k".repeat(129), "v")]),
        tags([("k", "v".repeat(257))]),
        String::new(),
        "<Tags><Items><Tag><Value>v</Value></Tag></Items></Tags>".to_owned(),
    ] {
        refusals.push(tag(body).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidTagging: Too many tags.
    400 InvalidTagging: Tag key cannot start with 'aws:'.
    400 InvalidTagging: Duplicate tag key: 'team'.
    400 MalformedXML: 1 validation error detected: Value 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' at 'tags.items.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128
    400 MalformedXML: 1 validation error detected: Value 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv' at 'tags.items.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256
    400 MalformedXML: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value null at 'tags.items.1.member.key' failed to satisfy constraint: Member must not be null
    ");
    // One place is left, and a key that is there needs none.
    assert_eq!(tag(numbered(0, 50)).send().await.status, 204);
    assert_eq!(tag(numbered(50, 51)).send().await.status, 400);
}

#[tokio::test]
async fn a_resource_that_does_not_exist_has_no_tags() {
    let world = World::new();
    let deleted = world.store("deleted").await;
    world.delete(&deleted).await;
    let body = || tags([("team", "edge")]);
    let answer = tagging(&world, "Tag", &deleted.arn.to_string()).body(body()).send().await;
    assert_snapshot!(answer, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>NoSuchResource</Code><Message>The specified resource doesn't exist. Update your request and try again.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000004</RequestId></ErrorResponse>
    "#);
    let theirs = world.store_of(STRANGER, "theirs").await.arn.to_string();
    let mut refusals = Vec::new();
    for resource in [
        "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889",
        "arn:aws:cloudfront::111122223333:key-value-store/routes",
        "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE",
        theirs.as_str(),
        "routes",
        "",
    ] {
        refusals.push(tagging(&world, "Tag", resource).body(body()).send().await.refusal());
    }
    refusals
        .push(world.control("POST", "/2020-05-31/tagging?Operation=Tag").body(body()).send().await.refusal());
    assert_snapshot!(refusals.join("\n"), @"
    404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.
    404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.
    404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.
    403 AccessDenied: User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudfront:TagResource on resource: arn:aws:cloudfront::444455556666:key-value-store/54947df8-0e9e-4471-a2f9-000000000006 because no identity-based policy allows the cloudfront:TagResource action
    400 MalformedXML: 1 validation error detected: Value 'routes' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-cn)?:cloudfront::[0-9]+:.*
    400 MalformedXML: 1 validation error detected: Value '' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-cn)?:cloudfront::[0-9]+:.*
    400 MalformedXML: 1 validation error detected: Value null at 'resource' failed to satisfy constraint: Member must not be null
    ");
}
