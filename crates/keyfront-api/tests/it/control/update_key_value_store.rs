//! `UpdateKeyValueStore` through the whole pipeline, with its full responses.

use std::collections::HashSet;
use std::time::Duration;

use insta::assert_snapshot;

use super::{DATA_PLANE, FIRST, SECOND, STORES, update_body};
use crate::fixture::World;

/// Compatibility decision: version 2 has the service's own second ETag.
#[tokio::test]
async fn a_comment_is_changed() {
    let world = World::new();
    let store = world.store("routes").await;
    world.clock.advance(Duration::from_millis(1_500));
    let updated =
        world.control("PUT", store.control_path()).if_match(FIRST).body(update_body("new")).send().await;
    assert_snapshot!(updated, @r#"
    200
    content-type: text/xml
    etag: E3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>routes</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><Comment>new</Comment><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:33.542Z</LastModifiedTime></KeyValueStore>
    "#);
    let found = world.control("GET", store.control_path()).send().await;
    assert_eq!((found.header("etag"), &found.body), (SECOND, &updated.body));
}

#[tokio::test]
async fn a_comment_can_become_empty() {
    let world = World::new();
    let store = world.store("routes").await;
    let updated =
        world.control("PUT", store.control_path()).if_match(FIRST).body(update_body("")).send().await;
    assert!(updated.body.contains("<Comment></Comment>"), "{updated}");
}

/// Compatibility decision: from version 3 on an ETag is `E` and 13 characters, all different, and every
/// earlier one is stale.
#[tokio::test]
async fn every_update_has_an_etag_of_its_own() {
    let world = World::new();
    let store = world.store("routes").await;
    let (mut seen, mut etag) = (HashSet::from([FIRST.to_owned()]), FIRST.to_owned());
    for _ in 0..20 {
        // The same comment again is an update too.
        let update =
            |etag: &str| world.control("PUT", store.control_path()).if_match(etag).body(update_body("c"));
        let updated = update(&etag).send().await;
        assert_eq!(update(&etag).send().await.status, 412);
        updated.header("etag").clone_into(&mut etag);
        assert!(seen.insert(etag.clone()), "{etag} repeats");
    }
    assert_eq!(etag.len(), 14, "{etag}");
}

#[tokio::test]
async fn the_etag_must_be_the_one_of_the_configuration() {
    let world = World::new();
    let store = world.store("routes").await;
    let update = || world.control("PUT", store.control_path()).body(update_body("c"));
    assert_snapshot!(update().send().await, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>InvalidIfMatchVersion</Code><Message>The If-Match version is missing or not valid for the resource.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(update().if_match(SECOND).send().await, @r#"
    412
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>The request failed because it didn't meet the preconditions in one or more request-header fields.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000004</RequestId></ErrorResponse>
    "#);
    for (etag, expected) in [("", 400), (DATA_PLANE, 412), ("\"ETVPDKIKX0DER\"", 412), ("*", 412)] {
        assert_eq!(update().if_match(etag).send().await.status, expected, "{etag}");
    }
}

#[tokio::test]
async fn an_update_is_refused_for_what_is_wrong_with_it() {
    let world = World::new();
    let store = world.store("routes").await;
    let comment = |length| update_body(&"c".repeat(length));
    let update = |path: &str, body: String| world.control("PUT", path).if_match(FIRST).body(body);
    let without = "<UpdateKeyValueStoreRequest></UpdateKeyValueStoreRequest>".to_owned();
    let mut refusals = Vec::new();
    for (path, body) in [
        (format!("{STORES}/nothing"), comment(1)),
        (store.control_path(), comment(129)),
        (store.control_path(), without),
        (store.control_path(), String::new()),
    ] {
        refusals.push(update(&path, body).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    404 EntityNotFound: The entity was not found.
    400 MalformedXML: 1 validation error detected: Value 'ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc' at 'comment' failed to satisfy constraint: Member must have length less than or equal to 128
    400 MalformedXML: 1 validation error detected: Value null at 'comment' failed to satisfy constraint: Member must not be null
    400 MalformedXML: 1 validation error detected: Value null at 'comment' failed to satisfy constraint: Member must not be null
    ");
    assert_eq!(update(&store.control_path(), comment(128)).send().await.status, 200);
}
