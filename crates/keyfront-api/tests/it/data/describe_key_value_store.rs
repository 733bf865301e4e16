//! `DescribeKeyValueStore` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;

use super::{FIRST, NEVER, SECOND};
use crate::fixture::{World, escaped};

/// Compatibility decision: the first ETag of the pairs is `KV` and the code of version 1. Times are numbers.
#[tokio::test]
async fn a_new_store_has_no_pairs() {
    let world = World::new();
    let store = world.store("routes").await;
    let answer = world.data("GET", store.data_path()).send().await;
    assert_eq!(answer.header("etag"), FIRST);
    assert_snapshot!(answer, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"ItemCount":0,"TotalSizeInBytes":0,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318292.042,"Status":"READY"}
    "#);
}

/// Compatibility decision: the ETag after the first effective write is the one that was seen on the service.
#[tokio::test]
async fn totals_time_and_etag_follow_the_pairs_alone() {
    let world = World::new();
    let store = world.store("routes").await;
    world.clock.advance(Duration::from_millis(1_001));
    world.put(&store, &[("pr-1", "a value"), ("ü", "")]).await;
    world.clock.advance(Duration::from_mins(1));
    let comment = "<UpdateKeyValueStoreRequest><Comment>c</Comment></UpdateKeyValueStoreRequest>";
    let update = world.control("PUT", store.control_path()).if_match("ETVPDKIKX0DER").body(comment);
    assert_eq!(update.send().await.status, 200);
    let answer = world.data("GET", store.data_path()).send().await;
    assert_eq!(answer.header("etag"), SECOND);
    assert_snapshot!(answer, @r#"
    200
    content-type: application/json
    etag: KV3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    {"ItemCount":2,"TotalSizeInBytes":13,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318293.043,"Status":"READY"}
    "#);
}

/// The accounting of the service: two pairs of a key of 4 bytes and a value of 91 are 190 bytes.
#[tokio::test]
async fn size_is_the_bytes_of_keys_and_values() {
    let world = World::new();
    let store = world.store("previews").await;
    let value = |n| {
        format!(
            r#"{{"assets":"/pr-{n}","backend":"abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws"}}"#
        )
    };
    world.put(&store, &[("pr-1", &value(1)), ("pr-2", &value(2))]).await;
    let answer = world.data("GET", store.data_path()).send().await.json();
    assert_eq!((answer["ItemCount"].as_u64(), answer["TotalSizeInBytes"].as_u64()), (Some(2), Some(190)));
}

/// Compatibility decision: an ARN that never existed is not found.
#[tokio::test]
async fn what_was_never_a_store_is_not_found() {
    let world = World::new();
    let answer = world.data("GET", format!("/key-value-stores/{}", escaped(NEVER))).send().await;
    assert_snapshot!(answer, @r#"
    404
    content-type: application/json
    x-amzn-errortype: ResourceNotFoundException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    {"Message":"Resource was not found."}
    "#);
    let mut refusals = Vec::new();
    for arn in [
        "routes",
        NEVER.trim_end_matches("5889"),
        &format!("{NEVER}/x"),
        &"a".repeat(2049),
        "%",
        &NEVER.replace("1111", "9999"),
    ] {
        refusals
            .push(world.data("GET", format!("/key-value-stores/{}", escaped(arn))).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n").replace(&"a".repeat(1100), "a"), @"
    404 ResourceNotFoundException: Resource was not found.
    404 ResourceNotFoundException: Resource was not found.
    404 ResourceNotFoundException: Resource was not found.
    400 ValidationException: 1 validation error detected: Value 'a…' at 'kvsARN' failed to satisfy constraint: Member must have length less than or equal to 2048
    404 ResourceNotFoundException: Resource was not found.
    403 AccessDeniedException: User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudfront-keyvaluestore:DescribeKeyValueStore on resource: arn:aws:cloudfront::999922223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889 because no identity-based policy allows the cloudfront-keyvaluestore:DescribeKeyValueStore action
    ");
}
