//! Request bodies: who is waited for.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame};
use tokio::sync::mpsc;

use super::server::{Server, Step};
use super::*;

/// A body that comes in pieces through a channel.
struct Pieces(mpsc::Receiver<&'static str>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|piece| match piece {
            Some("!") => Some(Err("the viewer left".into())),
            piece => piece.map(|text| Ok(Frame::data(Bytes::from(text)))),
        })
    }
}

pub(super) fn pieces() -> (mpsc::Sender<&'static str>, OriginRequest) {
    let (sender, receiver) = mpsc::channel(4);
    let request =
        OriginRequest { method: Method::PUT, body: Some(Pieces(receiver).boxed_unsync()), ..get("/") };
    (sender, request)
}

#[tokio::test]
async fn a_body_of_unknown_length_is_sent_in_chunks_as_it_comes() {
    let server = Server::answering(OK).await;
    let (sender, request) = pieces();
    for piece in ["a", "b"] {
        sender.send(piece).await.unwrap();
    }
    drop(sender);
    assert_eq!(asked(&mapped(&server), &plan(description(NAME)), request).await, ok());
    let request = server.request();
    assert!(request.contains("Transfer-Encoding: chunked"), "{request}");
    assert!(request.ends_with("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"), "{request}");
}

#[tokio::test]
async fn an_origin_that_is_silent_after_the_body_is_not_waited_for() {
    let server = Server::start(vec![vec![Step::Read, Step::Hang]]).await;
    let mut origin = description(NAME);
    origin.times.read = Duration::from_millis(20);
    let (sender, request) = pieces();
    sender.send("a").await.unwrap();
    drop(sender);
    let failure = asked(&mapped(&server), &plan(origin), request).await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Timeout(_)), "{failure:?}");
}

#[tokio::test]
async fn an_answer_may_come_before_the_body_was_sent() {
    const EARLY: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    let server = Server::start(vec![vec![Step::Send(EARLY), Step::Hang]]).await;
    let (sender, request) = pieces();
    let answered = asked(&mapped(&server), &plan(description(NAME)), request).await;
    assert_eq!(answered, Ok((413, "no".to_owned())));
    drop(sender);
}

#[tokio::test]
async fn a_body_that_breaks_off_breaks_the_request() {
    let server = Server::start(vec![vec![Step::Read, Step::Hang]]).await;
    let (sender, request) = pieces();
    sender.send("a").await.unwrap();
    sender.send("!").await.unwrap();
    let failure = asked(&mapped(&server), &plan(description(NAME)), request).await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Broken(..)), "{failure:?}");
    assert!(server.requests().is_empty());
}
