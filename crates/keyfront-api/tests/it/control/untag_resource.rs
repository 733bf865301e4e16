//! `UntagResource` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::{list_tags, tagging};
use crate::fixture::{World, tags};

fn keys(keys: &[&str]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("<Key>{key}</Key>")).collect();
    format!("<TagKeys><Items>{}</Items></TagKeys>", keys.concat())
}

#[tokio::test]
async fn tags_go_and_a_key_that_is_not_there_is_no_error() {
    let world = World::new();
    let arn = world.store("routes").await.arn.to_string();
    let tag = tagging(&world, "Tag", &arn).body(tags([("a", "1"), ("b", "2"), ("c", "3")])).send().await;
    assert_eq!(tag.status, 204);
    let untag = tagging(&world, "Untag", &arn).body(keys(&["a", "c", "nothing"])).send().await;
    assert_snapshot!(untag, @"
    204
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004
    ");
    assert_eq!(list_tags(&world, &arn).send().await.elements("Key"), ["b"]);
    assert_eq!(tagging(&world, "Untag", &arn).body(keys(&[])).send().await.status, 204);
    assert_eq!(list_tags(&world, &arn).send().await.elements("Key"), ["b"]);
}

#[tokio::test]
async fn a_request_is_refused_for_what_is_wrong_with_it() {
    let world = World::new();
    let arn = world.store("routes").await.arn.to_string();
    let unknown = "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
    let mut refusals = Vec::new();
    for (resource, body) in [
        (unknown, keys(&["a"])),
        ("routes", keys(&["a"])),
        (&arn, String::new()),
        (&arn, keys(&[""])),
        (&arn, keys(&[&"k".repeat(129)])),
    ] {
        refusals.push(tagging(&world, "Untag", resource).body(body).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @r"
    404 NoSuchResource: The specified resource doesn't exist. Update your request and try again.
    400 MalformedXML: 1 validation error detected: Value 'routes' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws(-cn)?:cloudfront::[0-9]+:.*
    400 MalformedXML: 1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value '[]' at 'tagKeys.items' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)]
    400 MalformedXML: 1 validation error detected: Value '[kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk]' at 'tagKeys.items' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)]
    ");
}
