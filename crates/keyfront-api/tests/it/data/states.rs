//! The six operations on a store that cannot be used.

use insta::assert_snapshot;
use keyfront_store::stores;
use serde_json::json;

use super::{FIRST, NEVER, NOT_IN_EXPECTED_STATE, delete, get, put, update};
use crate::fixture::{Store, World, create_body};

/// What each operation answers, one line each.
async fn answers(world: &World, store: &Store) -> String {
    let outcomes = [
        ("DescribeKeyValueStore", world.data("GET", store.data_path()).send().await),
        ("ListKeys", world.data("GET", format!("{}/keys", store.data_path())).send().await),
        ("GetKey", get(world, store, "a").send().await),
        ("PutKey", put(world, store, "a", "1").if_match(FIRST).send().await),
        ("DeleteKey", delete(world, store, "a").if_match(FIRST).send().await),
        ("UpdateKeys", update(world, store, &json!({})).if_match(FIRST).send().await),
    ];
    outcomes.map(|(name, answer)| format!("{name:22}{}", answer.outcome())).join("\n")
}

async fn importing(world: &World) -> Store {
    let source = "<ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::bucket/k</SourceARN></ImportSource>";
    let create = world.control("POST", "/2020-05-31/key-value-store");
    let created = create.body(create_body(&format!("<Name>importing</Name>{source}"))).send().await;
    Store { name: "importing".to_owned(), arn: created.element("ARN").parse().unwrap() }
}

/// Compatibility decision: while a store is provisioning, Describe works and shows the status, and the other
/// five say that it is not in the expected state.
#[tokio::test]
async fn a_provisioning_store_can_only_be_described() {
    let world = World::new();
    let store = importing(&world).await;
    assert_snapshot!(answers(&world, &store).await, @"
    DescribeKeyValueStore 200
    ListKeys              409 ConflictException: Key-Value-Store was not in expected state
    GetKey                409 ConflictException: Key-Value-Store was not in expected state
    PutKey                409 ConflictException: Key-Value-Store was not in expected state
    DeleteKey             409 ConflictException: Key-Value-Store was not in expected state
    UpdateKeys            409 ConflictException: Key-Value-Store was not in expected state
    ");
    assert_snapshot!(world.data("GET", store.data_path()).send().await, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000009

    {"ItemCount":0,"TotalSizeInBytes":0,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318292.042,"Status":"PROVISIONING"}
    "#);
    assert_snapshot!(get(&world, &store, "a").send().await, @r#"
    409
    content-type: application/json
    x-amzn-errortype: ConflictException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000000a

    {"Message":"Key-Value-Store was not in expected state"}
    "#);
}

#[tokio::test]
async fn a_store_whose_import_failed_can_only_be_described_and_deleted() {
    let world = World::new();
    let store = importing(&world).await;
    let reason = Err("Datasource size exceeds the allowed limit");
    stores::finish_import(&*world.engine, &store.arn, reason, 1_795_318_300_000).await.unwrap();
    assert_snapshot!(answers(&world, &store).await, @"
    DescribeKeyValueStore 200
    ListKeys              409 ConflictException: Key-Value-Store was not in expected state
    GetKey                409 ConflictException: Key-Value-Store was not in expected state
    PutKey                409 ConflictException: Key-Value-Store was not in expected state
    DeleteKey             409 ConflictException: Key-Value-Store was not in expected state
    UpdateKeys            409 ConflictException: Key-Value-Store was not in expected state
    ");
    assert_snapshot!(world.data("GET", store.data_path()).send().await, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000009

    {"ItemCount":0,"TotalSizeInBytes":0,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318300.0,"Status":"IMPORT_FAILURE","FailureReason":"Datasource size exceeds the allowed limit"}
    "#);
    world.delete(&store).await;
}

/// Compatibility decision: a deleted store is a conflict, which the Terraform provider's exclusive resource
/// looks for, except to GetKey, where its key resource needs a 404. Deleted ids are remembered.
#[tokio::test]
async fn a_deleted_store_is_a_conflict_except_to_get_key() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1")]).await;
    world.delete(&store).await;
    let expected = answers(&world, &store).await;
    assert_snapshot!(expected, @"
    DescribeKeyValueStore 409 ConflictException: Key-Value-Store was not in expected state
    ListKeys              409 ConflictException: Key-Value-Store was not in expected state
    GetKey                404 ResourceNotFoundException: Resource was not found.
    PutKey                409 ConflictException: Key-Value-Store was not in expected state
    DeleteKey             409 ConflictException: Key-Value-Store was not in expected state
    UpdateKeys            409 ConflictException: Key-Value-Store was not in expected state
    ");
    assert_eq!(expected.matches(NOT_IN_EXPECTED_STATE).count(), 5);
    // A new store of the same name is another store.
    world.store("routes").await;
    assert_eq!(answers(&world, &store).await, expected);
}

/// Compatibility decision: an ARN that never existed is not found, whatever the operation.
#[tokio::test]
async fn a_store_that_never_was_is_not_found() {
    let world = World::new();
    let store = Store { name: "never".to_owned(), arn: NEVER.parse().unwrap() };
    assert_snapshot!(answers(&world, &store).await, @"
    DescribeKeyValueStore 404 ResourceNotFoundException: Resource was not found.
    ListKeys              404 ResourceNotFoundException: Resource was not found.
    GetKey                404 ResourceNotFoundException: Resource was not found.
    PutKey                404 ResourceNotFoundException: Resource was not found.
    DeleteKey             404 ResourceNotFoundException: Resource was not found.
    UpdateKeys            404 ResourceNotFoundException: Resource was not found.
    ");
}
