//! An edge goes on from where it was.

use std::sync::atomic::Ordering;
use std::time::Duration;

use keyfront_follow::frame::Reason;
use keyfront_follow::{Frame, ReceiveError};
use keyfront_store::{Batch, Version};

use crate::fixture::{Edge, Sender, key, put, store};

#[tokio::test]
async fn the_first_time_an_edge_gets_an_image_and_later_only_what_it_lacks() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    let link = edge.follow(&sender, version).await;
    assert_eq!(link.images, [Reason::First]);
    edge.assert_shows(&*store).await;
    drop(link);
    put(&*store, "b", "2").await;
    let version = put(&*store, "a", "3").await;
    let link = edge.follow(&sender, version).await;
    assert_eq!(link.images, []);
    edge.assert_shows(&*store).await;
}

#[tokio::test]
async fn an_edge_that_is_started_again_goes_on_from_what_it_has() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    edge.follow(&sender, version).await;
    let had = edge.version();
    let mut again = Edge::over(edge.engine).await;
    assert_eq!(again.version(), had);
    let version = put(&*store, "b", "2").await;
    assert_eq!(again.follow(&sender, version).await.images, []);
    again.assert_shows(&*store).await;
}

#[tokio::test]
async fn commits_of_which_nothing_travels_move_the_version_with_the_next_heartbeat() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    let mut link = edge.follow(&sender, version).await;
    let control = Batch::default().put(key(0x03, "of the control plane"), "x");
    let version = crate::fixture::change(&*store, control).await;
    edge.reach(&mut link, version).await;
    // It is noted, so that such commits do not make an edge fall out of the window.
    assert_eq!(Edge::over(edge.engine).await.version(), version);
}

#[tokio::test]
async fn the_age_is_the_time_since_the_last_heartbeat_also_over_a_restart() {
    let (store, mut edge) = (store(), Edge::new().await);
    assert_eq!(edge.follower.freshness().age(), None);
    let version = put(&*store, "a", "1").await;
    edge.follow(&Sender::of_store(&store), version).await;
    edge.now_ms.fetch_add(5_000, Ordering::Relaxed);
    assert_eq!(edge.follower.freshness().age(), Some(Duration::from_secs(5)));
    let heard = Frame::Heartbeat { version: version.0, age_ms: 2_000 };
    edge.follower.receive(vec![heard]).await.unwrap();
    assert_eq!(edge.follower.freshness().age(), Some(Duration::from_secs(2)));
    let again = Edge::over(edge.engine).await;
    again.now_ms.store(1_000_000 + 65_000, Ordering::Relaxed);
    // What is noted may be a minute older than what was heard, and never newer.
    assert_eq!(again.follower.freshness().age(), Some(Duration::from_secs(65)));
}

#[tokio::test]
async fn a_stop_ends_the_feeds_with_a_word() {
    let (store, mut edge) = (store(), Edge::new().await);
    let sender = Sender::of_store(&store);
    let version = put(&*store, "a", "1").await;
    let mut link = edge.follow(&sender, version).await;
    assert_eq!(sender.feeds.figures().followers, 1);
    sender.feeds.close();
    let ended = edge.follow_to_the_end(&mut link).await;
    assert!(matches!(ended, ReceiveError::End), "{ended}");
    assert!(link.frames().await.is_none());
    assert_eq!(sender.feeds.figures().followers, 0);
    let mut late = edge.connect(&sender);
    assert!(matches!(edge.follow_to_the_end(&mut late).await, ReceiveError::End));
    assert!(edge.version() >= Version(1));
}
