//! A stop waits for requests, not for connections.

use std::sync::atomic::Ordering;
use std::time::Duration;

use keyfront_http::Detached;
use tokio::io::AsyncWriteExt;

use crate::fixture::{Paths, Server, closed, get, limits, panicked, post, response, settle, tls};

/// More than a connection without a request is given.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_request_delays_nothing() {
    for encrypted in [false, true] {
        for said in
            ["", "G", "GET / HTTP/1.1\r\nHost:", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}"]
        {
            let server = Server::start(Paths::default(), encrypted.then(tls), limits()).await;
            let _client = server.say(said).await;
            let took = server.stop().await;
            assert!(took < SOON, "{said:?}, encrypted: {encrypted}: {took:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_between_two_requests_is_closed_at_once() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/")).await;
    assert_eq!(response(&mut client).await, (200, "hello".to_owned()));
    assert!(server.stop().await < Duration::from_millis(10));
    assert_eq!(closed(&mut client).await.1, 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_in_progress_is_answered_and_its_connection_closed() {
    let paths = Paths::default();
    let server = Server::start(paths.clone(), None, limits()).await;
    let mut client = server.say(&get("/wait")).await;
    server.stop.cancel();
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert!(!server.serving.is_finished());
    paths.release.notify_one();
    assert_eq!(response(&mut client).await, (200, "waited".to_owned()));
    assert!(server.stop().await < SOON);
    assert_eq!(closed(&mut client).await.1, 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_ends_with_the_server() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let _client = server.say(&get("/wait")).await;
    assert_eq!(server.stop().await.as_secs(), limits().shutdown_timeout.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_detached_request_is_finished_though_its_client_has_left() {
    let paths = Paths::default();
    let server = Server::start(Detached::new(paths.clone(), panicked), None, limits()).await;
    drop(server.say(&post("/wait")).await);
    settle().await;
    server.stop.cancel();
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert!(!server.serving.is_finished());
    paths.release.notify_one();
    server.stop().await;
    assert_eq!(paths.finished.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_detached_ends_with_its_client() {
    let paths = Paths::default();
    let server = Server::start(paths.clone(), None, limits()).await;
    drop(server.say(&post("/wait")).await);
    settle().await;
    assert!(server.stop().await < SOON);
    assert_eq!(paths.finished.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_changes_nothing_ends_with_its_client() {
    let paths = Paths::default();
    let server = Server::start(Detached::new(paths.clone(), panicked), None, limits()).await;
    drop(server.say(&get("/wait")).await);
    settle().await;
    assert!(server.stop().await < SOON);
    assert_eq!(paths.finished.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_panics_is_answered() {
    let server = Server::start(Detached::new(Paths::default(), panicked), None, limits()).await;
    for request in [get("/panic"), post("/panic")] {
        let mut client = server.say(&request).await;
        assert_eq!(response(&mut client).await, (500, "it panicked".to_owned()), "{request}");
        client.write_all(get("/").as_bytes()).await.unwrap();
        assert_eq!(response(&mut client).await.0, 200, "{request}");
    }
}
