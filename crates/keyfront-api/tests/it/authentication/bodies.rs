//! Bodies that are too long, or end early.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use insta::assert_snapshot;
use keyfront_api::{Peer, Settings};
use keyfront_domain::Quotas;

use super::{FORM, STORES, UNKNOWN};
use crate::fixture::{Answer, Call, World, create_body};

const LIMIT: usize = 300;
const OVER: u64 = 301;

/// A body that comes in pieces, or breaks.
struct Pieces {
    declared: Option<u64>,
    left: VecDeque<io::Result<Bytes>>,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(self.left.pop_front().map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.declared.map(SizeHint::with_exact).unwrap_or_default()
    }
}

/// A body that never comes.
struct Silent;

impl Body for Silent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Pending
    }
}

/// A body that must not be read.
struct Untouchable(u64);

impl Body for Untouchable {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        panic!("the body was read")
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

fn world() -> World {
    World::with(Quotas::default(), Settings { max_body_bytes: LIMIT, ..Settings::default() })
}

/// A creation whose body has this length.
fn creation(world: &World, length: usize) -> Request<Bytes> {
    let body = format!("{:length$}", create_body("<Name>routes</Name>"));
    assert_eq!(body.len(), length);
    world.control("POST", STORES).body(body).request()
}

/// The request with its body in pieces of 100 bytes and no declared length.
fn streamed(request: Request<Bytes>) -> Request<Pieces> {
    request.map(|body| Pieces {
        declared: None,
        left: body.chunks(100).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect(),
    })
}

async fn send<B>(world: &World, request: Request<B>) -> Answer
where
    B: Body<Data = Bytes, Error = io::Error> + Send,
{
    Answer::from(world.api.handle(request, Peer::default()).await)
}

#[tokio::test]
async fn a_body_is_read_up_to_the_limit() {
    for (length, expected) in [(LIMIT, 201), (LIMIT + 1, 413)] {
        let whole = world().send(creation(&world(), length), Peer::default()).await;
        assert_eq!(whole.status, expected, "{whole}");
        let pieces = send(&world(), streamed(creation(&world(), length))).await;
        assert_eq!(pieces.status, expected, "{pieces}");
    }
}

#[tokio::test]
async fn a_declared_length_over_the_limit_is_refused_unread() {
    let world = world();
    let calls: [Call<'_>; 3] = [
        world.control("POST", STORES),
        world.data("POST", "/key-value-stores/x/keys"),
        world.query("sts", FORM),
    ];
    let mut refusals = Vec::new();
    for call in calls {
        let request = call.request().map(|_| Untouchable(OVER));
        refusals.push(send(&world, request).await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    413 RequestEntityTooLarge: The body of the request is larger than 300 bytes.
    413 RequestTooLargeException: The body of the request is larger than 300 bytes.
    413 RequestEntityTooLarge: The body of the request is larger than 300 bytes.
    ");
}

#[tokio::test]
async fn a_body_that_does_not_come_in_time_is_refused() {
    let world = World::with(Quotas::default(), Settings { body_timeout_seconds: 0, ..Settings::default() });
    let calls: [Call<'_>; 3] = [
        world.control("POST", STORES),
        world.data("POST", "/key-value-stores/x/keys"),
        world.query("sts", FORM),
    ];
    let mut refusals = Vec::new();
    for call in calls {
        refusals.push(send(&world, call.request().map(|_| Silent)).await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    408 RequestTimeout: The body of the request did not arrive in time.
    408 RequestTimeoutException: The body of the request did not arrive in time.
    408 RequestTimeout: The body of the request did not arrive in time.
    ");
}

#[tokio::test]
async fn a_body_that_breaks_is_no_request() {
    let world = world();
    let calls: [Call<'_>; 3] = [
        world.control("POST", STORES),
        world.data("POST", "/key-value-stores/x/keys"),
        world.query("sts", FORM),
    ];
    let mut refusals = Vec::new();
    for call in calls {
        let request = call.request().map(|body| Pieces {
            declared: Some(100),
            left: VecDeque::from([Ok(body), Err(io::Error::other("the connection was reset"))]),
        });
        refusals.push(send(&world, request).await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 IncompleteBody: The body of the request ended before it was complete.
    400 SerializationException: The body of the request ended before it was complete.
    400 IncompleteBody: The body of the request ended before it was complete.
    ");
}

#[tokio::test]
async fn the_body_of_an_unknown_signer_is_not_read() {
    let world = world();
    for call in [world.control("POST", STORES).by(UNKNOWN), world.control("POST", STORES).unsigned()] {
        let request = call.request().map(|_| Untouchable(10));
        assert_eq!(send(&world, request).await.status, 403);
    }
}

/// A body that does not fit is throttled, and its room is free again for the next.
#[tokio::test]
async fn bodies_share_a_bounded_room() {
    let body = create_body("<Name>shop</Name>");
    for (room, answer) in [(body.len() - 1, "400 Throttling: Rate exceeded"), (body.len(), "201")] {
        let world =
            World::with(Quotas::default(), Settings { max_bytes_of_bodies: room, ..Settings::default() });
        let create = || world.control("POST", STORES).body(body.clone()).send();
        assert_eq!(create().await.outcome(), answer);
        let again = create().await.outcome();
        assert!(
            again.starts_with("400 Throttling") || again.starts_with("409 EntityAlreadyExists"),
            "{again}"
        );
    }
}
