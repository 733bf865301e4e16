//! `ReadPairs` through the whole pipeline, with its full responses.

use insta::assert_snapshot;

use super::{FIRST, body, read, write};
use crate::fixture::World;

#[tokio::test]
async fn a_read_gives_every_pair_in_the_order_of_the_keys_bytes() {
    let world = World::new();
    let store = world.store("routes").await;
    world.store("other").await;
    assert_snapshot!(read(&world, &store).send().await, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"ItemCount":0,"TotalSizeInBytes":0,"Items":[]}
    "#);
    world.put(&store, &[("b", "2"), ("ü", "\"\\\n"), ("a/b", ""), ("a", "1"), ("B", "😀\u{1}")]).await;
    assert_snapshot!(read(&world, &store).send().await, @r#"
    200
    content-type: application/json
    etag: KV3UN6WX5RRO2AG
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    {"ItemCount":5,"TotalSizeInBytes":18,"Items":[{"Key":"B","Value":"😀\u0001"},{"Key":"a","Value":"1"},{"Key":"a/b","Value":""},{"Key":"b","Value":"2"},{"Key":"ü","Value":"\"\\\n"}]}
    "#);
}

/// More than a page of ListKeys, and more than a request of UpdateKeys: what was written is what is read.
#[tokio::test]
async fn what_a_write_wrote_a_read_gives_back() {
    let world = World::new();
    let store = world.store("routes").await;
    let pairs: Vec<_> = (0..2000).map(|n| (format!("k{n:05}"), format!("value {n}"))).collect();
    let written = write(&world, &store, &body(&pairs, &[])).if_match(FIRST).send().await;
    let answer = read(&world, &store).send().await;
    assert_eq!(answer.header("etag"), written.header("etag"));
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert_eq!(document["Items"], body(&pairs, &[])["Puts"]);
    for member in ["ItemCount", "TotalSizeInBytes"] {
        assert_eq!(document[member], written.json()[member]);
    }
    assert_eq!(world.pairs(&store).await, pairs);
}
