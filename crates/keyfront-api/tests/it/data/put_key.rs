//! `PutKey` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;

use super::{CONTROL_PLANE, FIRST, SECOND, STALE, put, totals};
use crate::fixture::World;

#[tokio::test]
async fn a_pair_is_created_and_its_value_replaced() {
    let world = World::new();
    let store = world.store("routes").await;
    let created = put(&world, &store, "key", "value").if_match(FIRST).send().await;
    assert_snapshot!(created, @r#"
    200
    content-type: application/json
    etag: KV3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"ItemCount":1,"TotalSizeInBytes":8}
    "#);
    let replaced = put(&world, &store, "key", "ü").if_match(SECOND).send().await;
    assert_snapshot!(replaced, @r#"
    200
    content-type: application/json
    etag: KV1F83G8C2ARO7P
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"ItemCount":1,"TotalSizeInBytes":5}
    "#);
    let emptied = put(&world, &store, "key", "").if_match(replaced.header("etag")).send().await;
    assert_eq!((totals(&emptied).0, totals(&emptied).1), (1, 3));
    assert_eq!(world.pairs(&store).await, [("key".to_owned(), String::new())]);
}

/// Compatibility decision: a put of the identical value succeeds, with the same ETag and `LastModified`.
#[tokio::test]
async fn the_identical_value_changes_nothing() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("key", "value")]).await;
    let before = world.data("GET", store.data_path()).send().await;
    world.clock.advance(Duration::from_mins(1));
    let again = put(&world, &store, "key", "value").if_match(SECOND).send().await;
    assert_eq!(totals(&again), (1, 8, SECOND.to_owned()));
    let after = world.data("GET", store.data_path()).send().await;
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}

/// A stale ETag is a `ValidationException` with the text that SST and others look for to try again.
#[tokio::test]
async fn the_etag_must_be_the_one_of_the_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    let call = || put(&world, &store, "key", "value");
    assert_snapshot!(call().if_match(SECOND).send().await, @r#"
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
    for etag in ["STALEETAG12345", CONTROL_PLANE, "", "*", "\"KVTVPDKIKX0DER\""] {
        assert_eq!(call().if_match(etag).send().await.refusal(), STALE, "{etag}");
    }
    assert!(world.pairs(&store).await.is_empty());
}

/// Compatibility decision: a key of 513 to 1024 bytes is over the quota, one of more than 1024 characters is
/// no valid request.
#[tokio::test]
async fn keys_and_values_have_a_greatest_length() {
    let world = World::new();
    let store = world.store("routes").await;
    let (key, value) = ("ü".repeat(256), "ü".repeat(512));
    let fits = put(&world, &store, &key, &value).if_match(FIRST).send().await;
    assert_eq!(totals(&fits), (1, 512 + 1024, SECOND.to_owned()));
    let mut refusals = Vec::new();
    for (key, value) in [
        ("k".repeat(513), String::new()),
        ("k".repeat(1024), String::new()),
        (format!("{key}k"), String::new()),
        ("ü".repeat(1024), String::new()),
        ("k".repeat(1025), String::new()),
        ("k".to_owned(), "v".repeat(1025)),
        ("k".to_owned(), format!("{value}v")),
    ] {
        let refusal = put(&world, &store, &key, &value).if_match(SECOND).send().await.refusal();
        refusals.push(format!(
            "{} bytes, {} bytes: {}",
            key.len(),
            value.len(),
            refusal.replace(&format!("'{key}'"), "'k…'")
        ));
    }
    assert_snapshot!(refusals.join("\n"), @"
    513 bytes, 0 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    1024 bytes, 0 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    513 bytes, 0 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    2048 bytes, 0 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    1025 bytes, 0 bytes: 400 ValidationException: 1 validation error detected: Value 'k…' at 'key' failed to satisfy constraint: Member must have length less than or equal to 1024
    1 bytes, 1025 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of the value in a key value pair
    1 bytes, 1025 bytes: 402 ServiceQuotaExceededException: Limit exceeded: Maximum size of the value in a key value pair
    ");
    assert_eq!(world.pairs(&store).await.len(), 1);
}

#[tokio::test]
async fn a_body_that_holds_no_value_is_refused() {
    let world = World::new();
    let store = world.store("routes").await;
    let mut refusals = Vec::new();
    for body in
        ["", "{}", "{\"Value\":null}", "{\"value\":\"x\"}", "{\"Value\":1}", "[]", "\"x\"", "{", "\u{feff}{}"]
    {
        let call = world.data("PUT", store.key_path("key")).if_match(FIRST).body(body);
        refusals.push(format!("{body:?}: {}", call.send().await.refusal()));
    }
    assert_snapshot!(refusals.join("\n"), @r#"
    "": 400 ValidationException: 1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null
    "{}": 400 ValidationException: 1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null
    "{\"Value\":null}": 400 ValidationException: 1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null
    "{\"value\":\"x\"}": 400 ValidationException: 1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null
    "{\"Value\":1}": 400 SerializationException: NUMBER_VALUE cannot be converted to String at line 1 column 10
    "[]": 400 SerializationException: START_ARRAY cannot be converted to a structure at line 1 column 2
    "\"x\"": 400 SerializationException: STRING_VALUE cannot be converted to a structure at line 1 column 3
    "{": 400 SerializationException: The body is not valid JSON: line 1, column 1.
    "\u{feff}{}": 400 SerializationException: The body is not valid JSON: line 1, column 1.
    "#);
    let secret = put(&world, &store, "key", "a secret").if_match(SECOND).send().await;
    assert!(!secret.to_string().contains("a secret"), "{secret}");
}
