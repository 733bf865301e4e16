//! `WritePairs` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;
use keyfront_domain::etag;
use serde_json::json;

use super::{FIRST, SECOND, body, path, read, write};
use crate::fixture::{Answer, World};

const NOTHING: &[(&str, &str)] = &[];

/// Number of pairs, their size and the ETag, as an answer has them.
fn totals(answer: &Answer) -> (u64, u64, String) {
    let body = answer.json();
    let number = |member: &str| body[member].as_u64().unwrap_or_else(|| panic!("no {member} in\n{answer}"));
    (number("ItemCount"), number("TotalSizeInBytes"), answer.header("etag").to_owned())
}

#[tokio::test]
async fn puts_and_deletes_happen_together() {
    let world = World::new();
    let store = world.store("routes").await;
    let first = write(&world, &store, &body(&[("a", "1"), ("b", "2"), ("c", "3")], &[])).if_match(FIRST);
    assert_snapshot!(first.send().await, @r#"
    200
    content-type: application/json
    etag: KV3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"ItemCount":3,"TotalSizeInBytes":6}
    "#);
    let second = write(&world, &store, &body(&[("b", "two"), ("d", "4")], &["a", "c"])).if_match(SECOND);
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

/// The answer waits for the pairs in memory, which take a moment to build.
#[tokio::test]
async fn functions_see_what_was_acknowledged() {
    let world = World::new();
    let (store, other) = (world.store("routes").await, world.store("other").await);
    for store in [&store, &other] {
        assert!(world.view.pairs.load(&store.arn).await.unwrap().unwrap().is_empty());
    }
    let pairs: Vec<_> = (0..20_000).map(|n| (format!("k{n:05}"), "v")).collect();
    let written = write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    assert_eq!(written.status, 200);
    assert_eq!(world.view.pairs.get(&store.arn).unwrap().len(), 20_000);
    for number in 0..100 {
        let etag = world.etag(&other).await;
        let put =
            write(&world, &other, &body(&[("k", number.to_string())], &[])).if_match(&etag).send().await;
        assert_eq!(put.status, 200);
        let seen = world.view.pairs.get(&other.arn).unwrap();
        assert_eq!(seen.get("k").map(ToString::to_string), Some(number.to_string()));
    }
}

/// Many more than the 50 of UpdateKeys, in one version: first all, then a third changed and a third deleted.
#[tokio::test]
async fn a_write_has_any_number_of_pairs_and_is_one_version() {
    let world = World::new();
    let store = world.store("routes").await;
    let pairs: Vec<_> = (0..3000).map(|n| (format!("k{n:05}"), "v")).collect();
    let all = write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    assert_eq!(totals(&all), (3000, 21_000, SECOND.to_owned()));
    let changed: Vec<_> = pairs.iter().step_by(3).map(|(key, _)| (key, "changed")).collect();
    let gone: Vec<_> = pairs.iter().skip(1).step_by(3).map(|(key, _)| key.as_str()).collect();
    let some = write(&world, &store, &body(&changed, &gone)).if_match(SECOND).send().await;
    assert_eq!(totals(&some), (2000, 20_000, etag::data_plane(3)));
    let none =
        write(&world, &store, &body(NOTHING, &pairs.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>()));
    assert_eq!(totals(&none.if_match(&etag::data_plane(3)).send().await), (0, 0, etag::data_plane(4)));
}

/// The rules of UpdateKeys: a delete wins, the last of two puts wins.
#[tokio::test]
async fn lists_are_folded_as_those_of_update_keys() {
    let world = World::new();
    let store = world.store("routes").await;
    let twice = body(&[("a", "first"), ("b", "x"), ("c", "y"), ("a", "last")], &["b", "b", "d"]);
    let answer = write(&world, &store, &twice).if_match(FIRST).send().await;
    assert_eq!(totals(&answer), (2, 7, SECOND.to_owned()));
    let pairs = [("a", "last"), ("c", "y")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(world.pairs(&store).await, pairs);
}

#[tokio::test]
async fn a_write_without_effect_changes_nothing() {
    let world = World::new();
    let store = world.store("routes").await;
    let pairs: Vec<_> = (0..500).map(|n| (format!("k{n:03}"), "v")).collect();
    write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    let before = world.data("GET", store.data_path()).send().await;
    world.clock.advance(Duration::from_mins(1));
    for same in [
        json!({}),
        json!({ "Puts": [], "Deletes": null, "More": [{}] }),
        body(&pairs[..1], &["absent"]),
        body(&pairs, &["absent"]),
    ] {
        let answer = write(&world, &store, &same).if_match(SECOND).send().await;
        assert_eq!(totals(&answer), (500, 2500, SECOND.to_owned()));
    }
    let bodyless = world.data("POST", path(&store)).if_match(SECOND).send().await;
    assert_eq!(totals(&bodyless), (500, 2500, SECOND.to_owned()));
    let after = world.data("GET", store.data_path()).send().await;
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}

#[tokio::test]
async fn the_etag_must_be_the_one_of_the_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    let many: Vec<_> = (0..500).map(|n| (format!("k{n:03}"), "v")).collect();
    for pairs in [body(&[("a", "1")], &[]), body(&many, &[])] {
        let stale = write(&world, &store, &pairs).if_match("STALEETAG12345").send().await;
        assert_eq!(
            stale.refusal(),
            "400 ValidationException: Pre-Condition failed during update of Key-Value-Store"
        );
        let missing = write(&world, &store, &pairs).send().await;
        assert_eq!(
            missing.refusal(),
            "400 ValidationException: 1 validation error detected: Value null at 'ifMatch' failed to satisfy \
             constraint: Member must not be null"
        );
    }
    assert_snapshot!(write(&world, &store, "{}").if_match(SECOND).send().await, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ValidationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    {"Message":"Pre-Condition failed during update of Key-Value-Store"}
    "#);
}

#[tokio::test]
async fn a_write_that_is_refused_for_one_pair_applies_none() {
    let world = World::new();
    let store = world.store("routes").await;
    let (long_key, long_value) = ("k".repeat(513), "v".repeat(1025));
    let mut refusals = Vec::new();
    for body in [
        body(&[("a", "1"), (&long_key, "")], &[]),
        body(&[("a", "1")], &[&long_key]),
        body(&[("a", "1"), ("b", &long_value)], &[]),
        body(&[("a", "1"), ("", "")], &[]),
        body(&[("a", "1"), (&"k".repeat(1025), "")], &[]),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, { "Key": "b" }] }),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, { "Value": "b" }], "Deletes": [{}] }),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, null] }),
        json!({ "Puts": { "Key": "a", "Value": "1" } }),
        json!({ "Puts": [{ "Key": "a", "Value": "1" }, "secret"] }),
        json!([]),
    ] {
        let refusal = write(&world, &store, &body).if_match(FIRST).send().await.refusal();
        refusals.push(refusal.replace(&"k".repeat(513), "k…").replace(&"k".repeat(512), ""));
    }
    let torn =
        write(&world, &store, "{\"Puts\":[{\"Key\":\"a\",\"Value\":\"1\"}").if_match(FIRST).send().await;
    refusals.push(torn.refusal());
    assert_snapshot!(refusals.join("\n"), @"
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of a key in a key value pair
    402 ServiceQuotaExceededException: Limit exceeded: Maximum size of the value in a key value pair
    400 ValidationException: 1 validation error detected: Value '' at 'puts.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1
    400 ValidationException: 1 validation error detected: Value 'k…' at 'puts.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 1024
    400 ValidationException: 1 validation error detected: Value null at 'puts.2.member.value' failed to satisfy constraint: Member must not be null
    400 ValidationException: 2 validation errors detected: Value null at 'deletes.1.member.key' failed to satisfy constraint: Member must not be null; Value null at 'puts.2.member.key' failed to satisfy constraint: Member must not be null
    400 ValidationException: 1 validation error detected: Value null at 'puts.2.member' failed to satisfy constraint: Member must not be null
    400 SerializationException: START_OBJECT cannot be converted to a list at line 1 column 9
    400 SerializationException: STRING_VALUE cannot be converted to a structure at line 1 column 41
    400 SerializationException: START_ARRAY cannot be converted to a structure at line 1 column 2
    400 SerializationException: The body is not valid JSON: line 1, column 32.
    ");
    assert_eq!(read(&world, &store).send().await.header("etag"), FIRST);
}

/// 5 MB in one write fill a store to the byte, and one more byte is refused whole.
#[tokio::test]
async fn a_full_store_is_written_at_once_and_read_at_once() {
    const FULL: u64 = 5 * 1024 * 1024;
    let world = World::new();
    let store = world.store("full").await;
    let value = "v".repeat(1024 - 6);
    let mut pairs: Vec<_> = (0..FULL / 1024).map(|n| (format!("k{n:05}"), value.clone())).collect();
    pairs.push(("k".to_owned(), String::new()));
    let over = write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    assert_snapshot!(over.refusal(), @"402 ServiceQuotaExceededException: Limit exceeded: Maximum size of an individual key value store");
    pairs.pop();
    let written = write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    assert_eq!(totals(&written), (5120, FULL, SECOND.to_owned()));
    let all = read(&world, &store).send().await.json();
    assert!(all["Items"] == body(&pairs, &[])["Puts"]);
    // What a write frees it may use.
    let swapped =
        write(&world, &store, &body(&[("new--1", &value)], &["k00000"])).if_match(SECOND).send().await;
    assert_eq!(totals(&swapped).1, FULL);
}
