//! Other protocols after a 101.

use http::header::{HeaderValue, UPGRADE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::server::{Server, Step};
use super::*;

fn upgrade() -> OriginRequest {
    let mut request = get("/chat");
    request.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    request.headers.insert("sec-websocket-key", HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
    request
}

#[tokio::test]
async fn after_a_101_bytes_go_both_ways() {
    const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                          Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nearly";
    let server = Server::start(vec![vec![Step::Answer(SWITCH), Step::Answer("late")]]).await;
    let origins = mapped(&server);
    let answer = origins.send_upgrade(&plan(description(NAME)), upgrade()).await.unwrap();
    let UpgradeAnswer::Switched { head, mut tunnel } = answer else { panic!("it does not change") };
    assert_eq!(head.status.as_u16(), 101);
    assert_eq!(head.text("upgrade"), Some("websocket"));
    assert_eq!(head.text("connection"), None);
    assert_eq!(head.text("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    tunnel.write_all(b"hello\r\n\r\n").await.unwrap();
    let mut text = String::new();
    tunnel.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "earlylate");
    let requests = server.requests();
    assert_eq!(
        requests[0].1,
        "GET /chat HTTP/1.1\r\nHost: api.example.com\r\nSec-Websocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    );
    assert_eq!(requests[1].1, "hello\r\n\r\n");
    assert_eq!(origins.figures().peers[0].under_way, 1);
    drop(tunnel);
    assert_eq!(origins.figures().peers[0].under_way, 0);
}

#[tokio::test]
async fn an_origin_may_answer_instead() {
    let server = Server::answering("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno").await;
    let answer = mapped(&server).send_upgrade(&plan(description(NAME)), upgrade()).await.unwrap();
    let UpgradeAnswer::Answered(answer) = answer else { panic!("it changes") };
    assert_eq!(read(answer).await.unwrap(), (426, "no".to_owned()));
}

#[tokio::test]
async fn a_101_to_something_else_is_a_failure() {
    for answer in [
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ] {
        let server = Server::answering(answer).await;
        let outcome = mapped(&server).send_upgrade(&plan(description(NAME)), upgrade()).await;
        assert!(matches!(outcome, Err(OriginFailure::Broken(..))), "{answer:?}");
    }
}
