//! Bodies that are too large, and the room that all bodies share.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use insta::assert_snapshot;
use keyfront_api::{Peer, Settings};
use keyfront_domain::Quotas;

use super::{FIRST, SECOND, at_once, body, read, write};
use crate::fixture::World;

/// A body that has come but for its end.
struct Endless(Option<Bytes>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
    }
}

fn world(settings: Settings) -> World {
    World::with(Quotas::default(), settings)
}

/// A body of exactly this length that puts a pair.
fn sized(length: usize) -> String {
    let document = body(&[("a", "1")], &[]).to_string();
    format!("{document:length$}")
}

#[tokio::test]
async fn a_write_has_a_limit_of_its_own() {
    let world = world(Settings { max_body_bytes: 200, max_store_body_bytes: 300, ..Settings::default() });
    let store = world.store("routes").await;
    let over = write(&world, &store, &sized(301)).if_match(FIRST).send().await;
    assert_snapshot!(over, @r#"
    413
    content-type: application/json
    x-amzn-errortype: RequestTooLargeException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    {"Message":"The body of the request is larger than 300 bytes."}
    "#);
    assert_eq!(write(&world, &store, &sized(300)).if_match(FIRST).send().await.status, 200);
    // For everything else it is the limit of everything else.
    for call in
        [world.data("GET", super::path(&store)), world.data("POST", format!("{}/keys", store.data_path()))]
    {
        let refusal = call.body(sized(201)).send().await.refusal();
        assert!(refusal.starts_with("413") && refusal.contains("200 bytes"), "{refusal}");
    }
}

#[tokio::test]
async fn the_body_of_a_write_shares_the_room_of_all_bodies() {
    let world = world(Settings { max_bytes_of_bodies: 400, ..Settings::default() });
    let store = world.store("routes").await;
    let refused = write(&world, &store, &sized(401)).if_match(FIRST).send().await;
    assert_eq!(refused.refusal(), "400 ThrottlingException: Rate exceeded");
    assert_eq!(write(&world, &store, &sized(400)).if_match(FIRST).send().await.status, 200);
}

/// Two writes whose bodies never end take half of the room; a third has none, a small request has.
#[tokio::test]
async fn the_bodies_of_writes_leave_room_for_everything_else() {
    let settings = Settings { max_store_body_bytes: 200, max_bytes_of_bodies: 800, ..Settings::default() };
    let world = world(settings);
    let store = world.store("routes").await;
    let endless = |_write| {
        let request = write(&world, &store, &sized(200)).if_match(FIRST).request();
        Box::pin(world.api.handle(request.map(|bytes| Endless(Some(bytes))), Peer::default()))
    };
    let mut begun = [0, 1].map(endless);
    for write in &mut begun {
        assert!(at_once(write).await.is_none());
    }
    let third = write(&world, &store, &sized(200)).if_match(FIRST).send().await;
    assert_eq!(third.refusal(), "400 ThrottlingException: Rate exceeded");
    world.put(&store, &[("a", &"v".repeat(200))]).await;
    drop(begun);
    let third = write(&world, &store, &sized(200)).if_match(SECOND).send().await;
    assert_eq!(third.status, 200, "{third}");
}

/// An answer has its share of the room until it is sent.
#[tokio::test]
async fn the_answer_of_a_read_shares_the_room_of_all_bodies() {
    let world = world(Settings { max_bytes_of_bodies: 400, ..Settings::default() });
    let store = world.store("routes").await;
    world.put(&store, &[("a", &"v".repeat(150))]).await;
    let send = async || {
        let request = read(&world, &store).request().map(http_body_util::Full::new);
        world.api.handle(request, Peer::default()).await
    };
    let first = send().await;
    assert!(first.status() == 200 && first.body().len() > 200, "{first:?}");
    assert_eq!(send().await.headers()["x-amzn-errortype"], "ThrottlingException");
    drop(first);
    assert_eq!(send().await.status(), 200);
}
