//! Operations of the data plane, one module each, and what several clients do at once.

mod concurrency;
mod delete_key;
mod describe_key_value_store;
mod get_key;
mod list_keys;
mod put_key;
mod states;
mod update_keys;

use serde_json::json;

use crate::fixture::{Answer, Call, Store, World};

/// The ETags of the versions 1 and 2, and the control plane's of version 1.
const FIRST: &str = "KVTVPDKIKX0DER";
const SECOND: &str = "KV3UN6WX5RRO2AG";
const CONTROL_PLANE: &str = "ETVPDKIKX0DER";

/// A store of this account that never was.
const NEVER: &str = "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";

fn get<'w>(world: &'w World, store: &Store, key: &str) -> Call<'w> {
    world.data("GET", store.key_path(key))
}

fn put<'w>(world: &'w World, store: &Store, key: &str, value: &str) -> Call<'w> {
    world.data("PUT", store.key_path(key)).body(json!({ "Value": value }).to_string())
}

fn delete<'w>(world: &'w World, store: &Store, key: &str) -> Call<'w> {
    world.data("DELETE", store.key_path(key))
}

fn update<'w>(world: &'w World, store: &Store, body: &serde_json::Value) -> Call<'w> {
    world.data("POST", format!("{}/keys", store.data_path())).body(body.to_string())
}

/// A batch of puts and deletes.
fn batch(puts: &[(&str, &str)], deletes: &[&str]) -> serde_json::Value {
    let puts: Vec<_> = puts.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let deletes: Vec<_> = deletes.iter().map(|key| json!({ "Key": key })).collect();
    json!({ "Puts": puts, "Deletes": deletes })
}

/// Number of pairs, their size and the ETag, as an answer has them.
fn totals(answer: &Answer) -> (u64, u64, String) {
    let body = answer.json();
    let number = |member: &str| body[member].as_u64().unwrap_or_else(|| panic!("no {member} in\n{answer}"));
    (number("ItemCount"), number("TotalSizeInBytes"), answer.header("etag").to_owned())
}

/// The text of `Pre-Condition failed`, which clients look for.
const STALE: &str = "400 ValidationException: Pre-Condition failed during update of Key-Value-Store";

/// The text of a store that is provisioning, failed or deleted, which clients look for.
const NOT_IN_EXPECTED_STATE: &str = "409 ConflictException: Key-Value-Store was not in expected state";
