//! Requests and responses.

use keyfront_http::{Limits, Listener};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::fixture::{Paths, Server, closed, get, head, limits, response};

#[tokio::test(start_paused = true)]
async fn bodies_stream_both_ways() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    let mut client = server.say(head).await;
    let mut answer = String::new();
    while !answer.ends_with("4\r\nhalf\r\n") {
        answer.push(char::from(client.read_u8().await.unwrap()));
    }
    client.write_all(b"4\r\nrest\r\n0\r\n\r\n").await.unwrap();
    while !answer.ends_with("4\r\nrest\r\n0\r\n\r\n") {
        answer.push(char::from(client.read_u8().await.unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_of_http_1_1_has_one_host_header() {
    let server = Server::start(Paths::default(), None, limits()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ] {
        let mut client = server.say(head).await;
        assert_eq!(response(&mut client).await.0, status, "{head:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_aborted_request_ends_its_connection_without_an_answer() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/abort")).await;
    let (after, received) = closed(&mut client).await;
    assert_eq!((after.as_secs(), received), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_service_learns_who_is_at_the_other_end() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/peer")).await;
    let own = client.local_addr().unwrap();
    assert_eq!(response(&mut client).await, (200, format!("{own} at {} false", server.address)));
}

#[tokio::test(start_paused = true)]
async fn names_of_headers_are_in_title_case_where_a_listener_is_told_so() {
    for (title_case, named) in [
        (true, ["ETag: x", "WWW-Authenticate: x", "X-Amz-Cf-Id: x", "Content-Length: 0"]),
        (false, ["etag: x", "www-authenticate: x", "x-amz-cf-id: x", "content-length: 0"]),
    ] {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None, limits()).await.unwrap();
        let listener = if title_case { listener.with_title_case_headers() } else { listener };
        let server = Server::serve(listener, Paths::default());
        let mut client = server.say(&get("/names")).await;
        let head = head(&mut client).await;
        for name in named {
            assert!(head.lines().any(|line| line == name), "{name}: {head}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_may_have_as_many_headers_as_the_limit_says() {
    let all = Limits::headers_of(32 * 1024);
    for (max_headers, count, status) in
        [(Limits::USUAL_HEADERS, 150, 431), (200, 150, 200), (all, 400, 200), (all, 5000, 200)]
    {
        let server = Server::start(Paths::default(), None, Limits { max_headers, ..limits() }).await;
        let many = "x:1\r\n".repeat(count);
        let mut client = server.say(&format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")).await;
        assert_eq!(response(&mut client).await.0, status, "{max_headers}");
    }
}
