//! `ListKeyValueStores` through the whole pipeline, with its full responses.

use std::time::Duration;

use insta::assert_snapshot;

use super::{STORES, create};
use crate::fixture::{STRANGER, World};

async fn names(world: &World, query: &str) -> String {
    let answer = world.control("GET", format!("{STORES}?{query}")).send().await;
    if answer.status != 200 {
        return answer.refusal();
    }
    let more = if answer.body.contains("<NextMarker>") { " …" } else { "" };
    format!("{}{more}", answer.elements("Name").join(" "))
}

#[tokio::test]
async fn an_account_without_stores_has_an_empty_list_without_items() {
    let world = World::new();
    world.store_of(STRANGER, "theirs").await;
    assert_snapshot!(world.control("GET", STORES).send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <KeyValueStoreList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>0</Quantity></KeyValueStoreList>
    "#);
}

/// Compatibility decision: lists go by creation time, then id; NextMarker is the last id on the page.
#[tokio::test]
async fn stores_come_page_by_page_in_the_order_of_their_creation() {
    let world = World::new();
    for name in ["z", "y", "x"] {
        world.store(name).await;
        world.clock.advance(Duration::from_secs(1));
    }
    // At the same time: the id decides.
    world.store("b").await;
    world.store("a").await;
    let first = world.control("GET", format!("{STORES}?MaxItems=2")).send().await;
    assert_snapshot!(first, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000000b

    <?xml version="1.0"?>
    <KeyValueStoreList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><NextMarker>54947df8-0e9e-4471-a2f9-000000000004</NextMarker><MaxItems>2</MaxItems><Quantity>2</Quantity><Items><KeyValueStore><Name>z</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore><KeyValueStore><Name>y</Name><Id>54947df8-0e9e-4471-a2f9-000000000004</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000004</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:33.042Z</LastModifiedTime></KeyValueStore></Items></KeyValueStoreList>
    "#);
    let marker = first.element("NextMarker");
    assert_eq!(Some(&marker), first.elements("Id").last());
    let rest = world.control("GET", format!("{STORES}?MaxItems=3&Marker={marker}")).send().await;
    assert_snapshot!(rest, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000000c

    <?xml version="1.0"?>
    <KeyValueStoreList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>3</MaxItems><Quantity>3</Quantity><Items><KeyValueStore><Name>x</Name><Id>54947df8-0e9e-4471-a2f9-000000000006</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000006</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:34.042Z</LastModifiedTime></KeyValueStore><KeyValueStore><Name>b</Name><Id>54947df8-0e9e-4471-a2f9-000000000008</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000008</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:35.042Z</LastModifiedTime></KeyValueStore><KeyValueStore><Name>a</Name><Id>54947df8-0e9e-4471-a2f9-00000000000a</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-00000000000a</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:31:35.042Z</LastModifiedTime></KeyValueStore></Items></KeyValueStoreList>
    "#);
}

#[tokio::test]
async fn a_page_goes_on_after_a_store_that_was_deleted() {
    let world = World::new();
    let mut stores = Vec::new();
    for name in ["a", "b", "c", "d"] {
        stores.push(world.store(name).await);
        world.clock.advance(Duration::from_secs(1));
    }
    world.delete(&stores[1]).await;
    let marker = stores[1].arn.id;
    assert_eq!(names(&world, &format!("Marker={marker}")).await, "c d");
    assert_eq!(names(&world, "").await, "a c d");
}

/// Compatibility decision: a marker that is unknown, malformed or another account's is an error, never an
/// empty success.
#[tokio::test]
async fn a_marker_that_the_account_never_had_is_refused() {
    let world = World::new();
    world.store("a").await;
    let foreign = world.store_of(STRANGER, "theirs").await.arn.id.to_string();
    let unknown = "54947df8-0e9e-4471-a2f9-9af509fb5889";
    let marked = world.control("GET", format!("{STORES}?Marker={unknown}")).send().await;
    assert_snapshot!(marked, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>InvalidArgument</Code><Message>The parameter Marker is not valid.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000005</RequestId></ErrorResponse>
    "#);
    for marker in [foreign.as_str(), "a", "54947df8", "%00", "%C3%BC"] {
        let outcome = names(&world, &format!("Marker={marker}")).await;
        assert_eq!(outcome, "400 InvalidArgument: The parameter Marker is not valid.", "{marker}");
    }
}

#[tokio::test]
async fn max_items_is_a_positive_number() {
    let world = World::new();
    world.store("a").await;
    world.store("b").await;
    let mut outcomes = Vec::new();
    for query in [
        "",
        "Marker=&MaxItems=",
        "MaxItems=1",
        "MaxItems=2",
        "MaxItems=100000",
        "MaxItems=0",
        "MaxItems=-1",
        "MaxItems=x",
    ] {
        outcomes.push(format!("{query:16} {}", names(&world, query).await));
    }
    assert_snapshot!(outcomes.join("\n"), @"
                     a b
    Marker=&MaxItems= a b
    MaxItems=1       a …
    MaxItems=2       a b
    MaxItems=100000  a b
    MaxItems=0       400 InvalidArgument: The parameter MaxItems is not valid.
    MaxItems=-1      400 InvalidArgument: The parameter MaxItems is not valid.
    MaxItems=x       400 InvalidArgument: The parameter MaxItems is not valid.
    ");
}

#[tokio::test]
async fn a_status_selects_stores_across_pages() {
    let world = World::new();
    let source = "<ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::bucket/k</SourceARN></ImportSource>";
    for (name, source) in [("a", source), ("b", ""), ("c", source), ("d", ""), ("e", "")] {
        assert_eq!(create(&world, &format!("<Name>{name}</Name>{source}")).send().await.status, 201);
    }
    let mut outcomes = Vec::new();
    for query in [
        "Status=READY",
        "Status=READY&MaxItems=2",
        "Status=READY&MaxItems=3",
        "Status=PROVISIONING&MaxItems=1",
        "Status=IMPORT_FAILURE",
        "Status=ready",
        "Status=",
    ] {
        outcomes.push(format!("{query:30} {}", names(&world, query).await).trim_end().to_owned());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    Status=READY                   b d e
    Status=READY&MaxItems=2        b d …
    Status=READY&MaxItems=3        b d e
    Status=PROVISIONING&MaxItems=1 a …
    Status=IMPORT_FAILURE
    Status=ready
    Status=                        a b c d e
    ");
}
