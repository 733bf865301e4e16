//! `UpdateKeys` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;
use serde_json::json;

use super::{CONTROL_PLANE, FIRST, SECOND, STALE, batch, totals, update};
use crate::fixture::World;

#[tokio::test]
async fn puts_and_deletes_happen_together() {
    let world = World::new();
    let store = world.store("routes").await;
    let first = update(&world, &store, &batch(&[("a", "1"), ("b", "2"), ("c", "3")], &[])).if_match(FIRST);
    assert_snapshot!(first.send().await, @r#"
    200
    content-type: application/json
    etag: KV3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"ItemCount":3,"TotalSizeInBytes":6}
    "#);
    let second = update(&world, &store, &batch(&[("b", "two"), ("d", "4")], &["a", "c"])).if_match(SECOND);
    assert_snapshot!(second.send().await, @r#"
    200
    content-type: application/json
    etag: KV1F83G8C2ARO7P
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"ItemCount":2,"TotalSizeInBytes":6}
    "#);
    let pairs = [("b", "two"), ("d", "4")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(world.pairs(&store).await, pairs);
}

/// A key in both lists is deleted, whatever the store held; it still counts as a change only if it was there.
#[tokio::test]
async fn deletes_win_over_puts() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1"), ("b", "2")]).await;
    let both = update(&world, &store, &batch(&[("a", "changed")], &["a"])).if_match(SECOND).send().await;
    assert_eq!((totals(&both).0, totals(&both).1), (1, 2));
    let absent =
        update(&world, &store, &batch(&[("c", "new")], &["c"])).if_match(both.header("etag")).send().await;
    assert_eq!(totals(&absent), totals(&both));
}

/// Compatibility decision: of a key that comes twice in the puts the last value stays.
#[tokio::test]
async fn the_last_of_two_puts_wins() {
    let world = World::new();
    let store = world.store("routes").await;
    let twice = batch(&[("a", "first"), ("b", "x"), ("a", "last")], &["c", "c"]);
    let answer = update(&world, &store, &twice).if_match(FIRST).send().await;
    assert_eq!(totals(&answer), (2, 7, SECOND.to_owned()));
    assert_eq!(world.pairs(&store).await[0].1, "last");
}

/// Compatibility decision: a batch that changes nothing succeeds and keeps ETag and `LastModified`: an empty
/// one, one that deletes absent keys, one that puts what is there.
#[tokio::test]
async fn a_batch_without_effect_changes_nothing() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1")]).await;
    let before = world.data("GET", store.data_path()).send().await;
    world.clock.advance(Duration::from_mins(1));
    for body in [
        json!({}),
        json!({ "Puts": [], "Deletes": [] }),
        json!({ "Puts": null }),
        json!({ "Deletes": [] }),
        batch(&[("a", "1")], &["absent"]),
    ] {
        let answer = update(&world, &store, &body).if_match(SECOND).send().await;
        assert_eq!(totals(&answer), (1, 2, SECOND.to_owned()), "{body}");
    }
    let bodyless = world.data("POST", format!("{}/keys", store.data_path())).if_match(SECOND).send().await;
    assert_eq!(totals(&bodyless), (1, 2, SECOND.to_owned()));
    let after = world.data("GET", store.data_path()).send().await;
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}

#[tokio::test]
async fn the_etag_must_be_the_one_of_the_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    let call = || update(&world, &store, &batch(&[("a", "1")], &[]));
    assert_snapshot!(call().if_match("STALEETAG12345").send().await, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ValidationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"Pre-Condition failed during update of Key-Value-Store"}
    "#);
    assert_snapshot!(call().send().await, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ValidationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null"}
    "#);
    for etag in [SECOND, CONTROL_PLANE, ""] {
        assert_eq!(call().if_match(etag).send().await.refusal(), STALE, "{etag}");
    }
    // The same holds for a batch without effect.
    assert_eq!(update(&world, &store, &json!({})).if_match(SECOND).send().await.refusal(), STALE);
}

/// Compatibility decision: puts and deletes count together against the 50.
#[tokio::test]
async fn a_batch_holds_at_most_fifty_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    let keys: Vec<String> = (0..51).map(|n| format!("k{n:02}")).collect();
    let puts: Vec<_> = keys.iter().map(|key| (key.as_str(), "v")).collect();
    let deletes: Vec<_> = keys.iter().map(String::as_str).collect();
    let call = |puts: usize, deletes_: usize| batch(&puts_of(&keys, puts), &deletes[..deletes_]);
    let refused = update(&world, &store, &batch(&puts, &[])).if_match(FIRST).send().await;
    assert_snapshot!(refused, @r#"
    402
    content-type: application/json
    x-amzn-errortype: ServiceQuotaExceededException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"Limit exceeded: Maximum key values pairs that you can update in a single API request"}
    "#);
    for (puts, deletes) in [(50, 1), (0, 51), (26, 25)] {
        let refusal = update(&world, &store, &call(puts, deletes)).if_match(FIRST).send().await;
        assert_eq!((refusal.status, world.etag(&store).await.as_str()), (402, FIRST), "{puts} {deletes}");
    }
    let fits = update(&world, &store, &call(50, 0)).if_match(FIRST).send().await;
    assert_eq!(totals(&fits), (50, 200, SECOND.to_owned()));
    assert_eq!(update(&world, &store, &call(25, 25)).if_match(SECOND).send().await.status, 200);
}

fn puts_of(keys: &[String], count: usize) -> Vec<(&str, &str)> {
    keys.iter().take(count).map(|key| (key.as_str(), "v")).collect()
}

/// Compatibility decision: the quotas are settings, and their texts stay.
#[tokio::test]
async fn a_batch_has_a_greatest_size() {
    let world = World::with(Quotas { update_bytes: 20, ..Quotas::default() }, Settings::default());
    let store = world.store("routes").await;
    let call = |last: &'static str| batch(&[("key", "0123456"), ("k", "1234567")], &[last]);
    let refused = update(&world, &store, &call("xyz")).if_match(FIRST).send().await;
    assert_snapshot!(refused.refusal(), @"402 ServiceQuotaExceededException: Limit exceeded: Maximum key values pairs that you can update in a single API request");
    assert_eq!(update(&world, &store, &call("xy")).if_match(FIRST).send().await.status, 200);
}

#[tokio::test]
async fn a_batch_that_is_refused_for_one_pair_applies_none() {
    let world = World::new();
    let store = world.store("routes").await;
    let (long_key, long_value) = ("k".repeat(513), "v".repeat(1025));
    let mut refusals = Vec::new();
    for body in [
        batch(&[("a", "1"), (&long_key, "")], &[]),
        batch(&[("a", "1")], &[&long_key]),
        batch(&[("a", "1"), ("b", &long_value)], &[]),
        batch(&[("a", "1"), ("", "")], &[]),
        batch(&[("a", "1"), (&"k".repeat(1025), "")], &[]),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, { "Key": "b" }] }),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, { "Value": "b" }], "Deletes": [{}] }),
        json!({ "Puts": { "Key": "a", "Value": "1" } }),
        json!({ "Puts": ["a"] }),
        json!([]),
    ] {
        let refusal = update(&world, &store, &body).if_match(FIRST).send().await.refusal();
        refusals.push(refusal.replace(&"k".repeat(513), "k…").replace(&"k".repeat(512), ""));
    }
    assert_snapshot!(refusals.join("\n"), @"
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of the value in a key value pair
    400 ValidationException: 1 validation error detected: Value '' at 'puts.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1
    400 ValidationException: 1 validation error detected: Value 'k…' at 'puts.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 1024
    400 ValidationException: 1 validation error detected: Value null at 'puts.2.member.value' failed to satisfy constraint: Member must not be null
    400 ValidationException: 2 validation errors detected: Value null at 'puts.2.member.key' failed to satisfy constraint: Member must not be null; Value null at 'deletes.1.member.key' failed to satisfy constraint: Member must not be null
    400 SerializationException: START_OBJECT cannot be converted to a list at line 1 column 9
    400 SerializationException: STRING_VALUE cannot be converted to a structure at line 1 column 12
    400 SerializationException: START_ARRAY cannot be converted to a structure at line 1 column 2
    ");
    assert!(world.pairs(&store).await.is_empty());
    assert_eq!(world.etag(&store).await, FIRST);
}

/// A store of exactly 5 MB is full: it takes neither another pair nor a longer value, gives pairs back, and
/// takes a batch that leaves it as large as it is.
#[tokio::test]
async fn a_store_holds_at_most_five_megabytes() {
    const FULL: u64 = 5 * 1024 * 1024;
    let world = World::new();
    let store = world.store("full").await;
    let value = "v".repeat(1024 - 6);
    let keys: Vec<String> = (0..FULL / 1024).map(|n| format!("k{n:05}")).collect();
    let mut etag = FIRST.to_owned();
    for chunk in keys.chunks(50) {
        let puts: Vec<_> = chunk.iter().map(|key| (key.as_str(), value.as_str())).collect();
        update(&world, &store, &batch(&puts, &[]))
            .if_match(&etag)
            .send()
            .await
            .header("etag")
            .clone_into(&mut etag);
    }
    let full = world.data("GET", store.data_path()).send().await.json();
    assert_eq!((full["ItemCount"].as_u64(), full["TotalSizeInBytes"].as_u64()), (Some(5120), Some(FULL)));
    let refused = update(&world, &store, &batch(&[("k", "")], &[])).if_match(&etag).send().await;
    assert_snapshot!(refused, @r#"
    402
    content-type: application/json
    x-amzn-errortype: ServiceQuotaExceededException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000006b

    {"Message":"Limit exceeded: Maximum size of an individual key value store"}
    "#);
    let longer = format!("{value}v");
    let longer = update(&world, &store, &batch(&[("k00000", &longer)], &[])).if_match(&etag).send().await;
    assert_eq!((longer.status, world.etag(&store).await), (402, etag.clone()));
    let swapped =
        update(&world, &store, &batch(&[("new--1", &value)], &["k00000"])).if_match(&etag).send().await;
    assert_eq!(totals(&swapped).1, FULL);
    let smaller =
        update(&world, &store, &batch(&[], &["k00001"])).if_match(swapped.header("etag")).send().await;
    assert_eq!(totals(&smaller).1, FULL - 1024);
}
