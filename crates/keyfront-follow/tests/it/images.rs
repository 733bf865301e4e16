//! Images: what they hold, and who gets one.

use std::sync::Arc;

use keyfront_follow::frame::{Hello, Line, Mark, PROTOCOL, Pair, Reason, Step};
use keyfront_follow::replica::Clock;
use keyfront_follow::{Frame, Replica, Source};
use keyfront_store::{Batch, Range, Version, migration, replication};
use uuid::Uuid;

use crate::fixture::{Edge, Sender, account, change, key, pair_key, put, state, store};

#[tokio::test]
async fn an_edge_that_takes_nothing_for_too_long_gets_a_fresh_image() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    let mut link = edge.follow(&sender, version).await;
    // More than the queue of a feed and the window of the engine hold, and than any compression makes small.
    let mut random = fastrand(7);
    let mut last = version;
    for number in 0..4_500 {
        let value: Vec<u8> = (0..5_000).map(|_| random()).collect();
        last = change(&*store, Batch::default().put(pair_key(&format!("{}", number % 50)), value)).await;
    }
    edge.reach(&mut link, last).await;
    assert_eq!(link.images, [Reason::First, Reason::Lagged]);
    assert_eq!(sender.feeds.figures().lagged, 1);
    edge.assert_shows(&*store).await;
}

/// Bytes that look random.
fn fastrand(seed: u64) -> impl FnMut() -> u8 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    }
}

#[tokio::test]
async fn an_image_removes_what_the_store_has_no_longer_and_writes_nothing_that_is_there() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    put(&*store, "kept", "1").await;
    let version = put(&*store, "removed", "1").await;
    edge.follow(&sender, version).await;
    let kept_since = edge.engine.read(&[Range::key(pair_key("kept"))]).await.unwrap();
    // Another store, which has none of the timelines that the edge knows.
    let other = crate::fixture::store();
    put(&*other, "kept", "1").await;
    let version = put(&*other, "new", "2").await;
    let timeline = Uuid::from_u128(2);
    let source = Source::Store { engine: Arc::clone(&other), first_timeline: timeline };
    let link = edge.follow_anew(&Sender::of(source), timeline, version).await;
    assert_eq!(link.images, [Reason::First]);
    edge.assert_shows(&*other).await;
    let after = edge.engine.read(&[Range::key(pair_key("kept"))]).await.unwrap();
    assert_eq!(after.ranges, kept_since.ranges, "an entry that is the same is not written again");
}

#[tokio::test]
async fn nothing_but_what_is_listed_leaves_the_store() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let secret = |table: u8| Batch::default().put(key(table, "name of a secret"), "a secret");
    for table in (0..=u8::MAX)
        .filter(|table| !replication::ranges(account()).iter().any(|range| range.start[0] == *table))
    {
        change(&*store, secret(table)).await;
    }
    let version = put(&*store, "a", "1").await;
    let mut link = edge.follow(&sender, version).await;
    for table in [0x00, 0x03, 0x0c, 0x10, 0x22, 0xff] {
        change(&*store, secret(table).put(pair_key("b"), "2")).await;
    }
    change(&*store, Batch::default().put(&b"\x06444455556666of others"[..], "a secret")).await;
    let version = put(&*store, "a", "3").await;
    edge.reach(&mut link, version).await;
    let all = edge.engine.read(&[Range::new("", "")]).await.unwrap();
    for entry in all.ranges.iter().flatten() {
        assert!(!entry.value.ends_with(b"secret") && !entry.key.ends_with(b"secret"), "{entry:?}");
    }
    edge.assert_shows(&*store).await;
}

fn hello() -> Hello {
    let timelines: Vec<Line> = Vec::new();
    let account = account().to_string();
    Hello { protocol: PROTOCOL, format: migration::CURRENT, account, version: 1, timelines }
}

#[tokio::test]
async fn an_edge_takes_nothing_from_a_sender_that_it_cannot_follow() {
    let put = |key| Frame::Writes(vec![Step::Put(Pair { key, value: b"1".to_vec() })]);
    let mark = Frame::Commit(Mark { version: 2, timelines: None });
    for (frames, why) in [
        (vec![put(pair_key("a").to_vec()), mark.clone()], "before it said whose they are"),
        (vec![Frame::Hello(Hello { protocol: 2, ..hello() })], "another version of Keyfront"),
        (vec![Frame::Hello(Hello { format: 99, ..hello() })], "data format 99"),
        (
            vec![Frame::Hello(Hello { account: "444455556666".to_owned(), ..hello() })],
            "of account 444455556666",
        ),
        (vec![Frame::Hello(hello()), put(key(0x0c, "x").to_vec()), mark.clone()], "what no edge takes"),
        (vec![Frame::Hello(hello()), put(b"\x00replica".to_vec()), mark.clone()], "what no edge takes"),
        (vec![Frame::Hello(hello()), Frame::Entries(Vec::new()), mark], "of no image"),
    ] {
        let mut edge = Edge::new().await;
        let error = edge.follower.receive(frames).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(state(&*edge.engine).await.1.is_empty());
    }
}

#[tokio::test]
async fn a_folder_of_a_server_is_no_replica_and_accounts_that_are_not_followed_are_removed() {
    let server = store();
    put(&*server, "a", "1").await;
    let clock: Clock = Arc::new(|| 0);
    let refused = Replica::open(Arc::clone(&server), &[account()], clock.clone()).await;
    assert!(refused.err().unwrap().to_string().contains("is that of a server"));
    let mut edge = Edge::new().await;
    edge.follow(&Sender::of_store(&server), Version(1)).await;
    assert!(replication::refuse_replica(&*edge.engine).await.is_err());
    let other = "444455556666".parse().unwrap();
    Replica::open(Arc::clone(&edge.engine), &[other], clock).await.unwrap();
    assert!(state(&*edge.engine).await.1.is_empty());
    assert!(replication::replica_accounts(&*edge.engine).await.unwrap().is_empty());
}
