//! `DescribeKeyValueStore` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::STORES;
use crate::fixture::World;

#[tokio::test]
async fn a_name_that_no_store_has_is_not_found() {
    let world = World::new();
    let deleted = world.store("deleted").await;
    world.delete(&deleted).await;
    let answer = world.control("GET", format!("{STORES}/nothing")).send().await;
    assert_snapshot!(answer, @r#"
    404
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>EntityNotFound</Code><Message>The entity was not found.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000004</RequestId></ErrorResponse>
    "#);
    for name in ["deleted", "Deleted", deleted.arn.id.to_string().as_str()] {
        let answer = world.control("GET", format!("{STORES}/{name}")).send().await;
        assert_eq!(answer.refusal(), "404 EntityNotFound: The entity was not found.", "{name}");
    }
}

#[tokio::test]
async fn a_name_that_no_store_can_have_is_refused() {
    let world = World::new();
    let mut refusals = Vec::new();
    for name in ["a%20b", "%C3%BC", &"n".repeat(65), "a%2Fb", "%FF"] {
        refusals.push(world.control("GET", format!("{STORES}/{name}")).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value 'ü' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 2 validation errors detected: Value 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64; Value 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 MalformedXML: 1 validation error detected: Value 'a/b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}
    400 InvalidArgument: The parameter Name is not valid.
    ");
}

/// Compatibility decision: the two planes' ETags and times are independent.
#[tokio::test]
async fn changes_of_pairs_do_not_show() {
    let world = World::new();
    let store = world.store("routes").await;
    let before = world.control("GET", store.control_path()).send().await;
    world.clock.advance(std::time::Duration::from_mins(1));
    world.put(&store, &[("a", "1")]).await;
    let after = world.control("GET", store.control_path()).send().await;
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}
