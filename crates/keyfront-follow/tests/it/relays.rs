//! Edges that follow edges.

use std::sync::atomic::Ordering;
use std::time::Duration;

use keyfront_follow::ReceiveError;
use keyfront_follow::frame::Reason;
use keyfront_store::Version;

use crate::fixture::{Edge, Sender, put, store};

#[tokio::test]
async fn an_edge_changes_between_a_server_and_a_relay_without_an_image() {
    let (store, mut relay, mut edge) = (store(), Edge::new().await, Edge::new().await);
    let server = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    let mut up = relay.follow(&server, version).await;
    let sender = relay.relay();
    assert_eq!(edge.follow(&sender, version).await.images, [Reason::First]);
    edge.assert_shows(&*store).await;
    for round in 0..5 {
        let version = put(&*store, "a", &format!("{round}")).await;
        assert_eq!(edge.follow(&server, version).await.images, []);
        let version = put(&*store, "b", &format!("{round}")).await;
        relay.reach(&mut up, version).await;
        assert_eq!(edge.follow(&sender, version).await.images, []);
        edge.assert_shows(&*store).await;
    }
}

#[tokio::test]
async fn a_relay_passes_changes_on_while_they_come() {
    let (store, mut relay, mut edge) = (store(), Edge::new().await, Edge::new().await);
    let version = put(&*store, "a", "1").await;
    let mut up = relay.follow(&Sender::of_store(&store), version).await;
    let mut down = edge.follow(&relay.relay(), version).await;
    for round in 0..20 {
        let version = put(&*store, "a", &format!("{round}")).await;
        relay.reach(&mut up, version).await;
        edge.reach(&mut down, version).await;
        edge.assert_shows(&*store).await;
    }
    assert_eq!(down.images, [Reason::First]);
}

#[tokio::test]
async fn an_edge_does_not_go_back_to_what_a_relay_has_that_is_behind() {
    let (store, mut relay, mut edge) = (store(), Edge::new().await, Edge::new().await);
    let server = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    relay.follow(&server, version).await;
    let newer = put(&*store, "a", "2").await;
    edge.follow(&server, newer).await;
    let mut link = edge.connect(&relay.relay());
    let error = edge.follow_to_the_end(&mut link).await;
    assert!(matches!(error, ReceiveError::Lags { .. }), "{error}");
    edge.assert_shows(&*store).await;
}

#[tokio::test]
async fn a_relay_without_an_image_ends_its_feeds_at_once() {
    let (relay, mut edge) = (Edge::new().await, Edge::new().await);
    let mut link = edge.connect(&relay.relay());
    assert!(matches!(edge.follow_to_the_end(&mut link).await, ReceiveError::End));
    assert_eq!(edge.version(), Version::NEVER);
}

#[tokio::test]
async fn an_edge_behind_a_relay_is_as_old_as_the_relay_says() {
    let (store, mut relay, mut edge) = (store(), Edge::new().await, Edge::new().await);
    let version = put(&*store, "a", "1").await;
    drop(relay.follow(&Sender::of_store(&store), version).await);
    relay.now_ms.fetch_add(7_000, Ordering::Relaxed);
    let mut link = edge.follow(&relay.relay(), version).await;
    // The image came before the first heartbeat.
    while edge.follower.freshness().age() != Some(Duration::from_secs(7)) {
        let frames = link.frames().await.unwrap();
        edge.follower.receive(frames).await.unwrap();
    }
}
