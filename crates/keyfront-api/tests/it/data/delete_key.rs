//! `DeleteKey` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::{CONTROL_PLANE, FIRST, SECOND, STALE, delete, get, totals};
use crate::fixture::World;

#[tokio::test]
async fn a_pair_goes() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1"), ("b", "2")]).await;
    let first = delete(&world, &store, "a").if_match(SECOND).send().await;
    assert_snapshot!(first, @r#"
    200
    content-type: application/json
    etag: KV1F83G8C2ARO7P
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"ItemCount":1,"TotalSizeInBytes":2}
    "#);
    assert_eq!(get(&world, &store, "a").send().await.status, 404);
    let last = delete(&world, &store, "b").if_match(first.header("etag")).send().await;
    assert_eq!((totals(&last).0, totals(&last).1), (0, 0));
}

/// Compatibility decision: deleting a key that is not there is not found, unlike in a batch.
#[tokio::test]
async fn a_missing_key_is_not_found() {
    let world = World::new();
    let store = world.store("routes").await;
    let etag = world.put(&store, &[("a", "1")]).await;
    assert_snapshot!(delete(&world, &store, "b").if_match(&etag).send().await, @r#"
    404
    content-type: application/json
    x-amzn-errortype: ResourceNotFoundException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"Message":"Key b was not found."}
    "#);
    assert_eq!(world.etag(&store).await, etag);
}

#[tokio::test]
async fn the_etag_must_be_the_one_of_the_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1")]).await;
    // Whether the key is there does not show without the right ETag.
    for (key, etag) in [("a", FIRST), ("b", FIRST), ("a", CONTROL_PLANE), ("a", "")] {
        assert_eq!(delete(&world, &store, key).if_match(etag).send().await.refusal(), STALE, "{key} {etag}");
    }
    assert_snapshot!(delete(&world, &store, "a").send().await.refusal(), @"400 ValidationException: 1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null");
    assert_eq!(world.pairs(&store).await.len(), 1);
}

/// Compatibility decision: a key of 513 to 1024 bytes is over the quota.
#[tokio::test]
async fn a_key_that_is_too_long_is_refused() {
    let world = World::new();
    let store = world.store("routes").await;
    let mut refusals = Vec::new();
    for length in [512, 513, 1024, 1025] {
        let key = "k".repeat(length);
        refusals
            .push(delete(&world, &store, &key).if_match(FIRST).send().await.refusal().replace(&key, "k…"));
    }
    assert_snapshot!(refusals.join("\n"), @"
    404 ResourceNotFoundException: Key k… was not found.
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    400 ValidationException: 1 validation error detected: Value 'k…' at 'key' failed to satisfy constraint: Member must have length less than or equal to 1024
    ");
}
