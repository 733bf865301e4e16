//! Connections that do nothing for too long.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::fixture::{LARGE, Paths, Server, closed, get, limits, response};

/// What a connection is given to answer a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

async fn http2(server: &Server) -> (http2::SendRequest<Empty<Bytes>>, JoinHandle<Instant>) {
    let io = TokioIo::new(server.connect().await);
    let client = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .initial_stream_window_size(65535)
        .handshake(io);
    let (sender, connection) = client.await.unwrap();
    let ended = async {
        connection.await.ok();
        Instant::now()
    };
    (sender, tokio::spawn(ended))
}

fn request(path: &str) -> Request<Empty<Bytes>> {
    Request::get(format!("http://localhost{path}")).body(Empty::new()).unwrap()
}

/// Holds the clock while the kernel carries bytes from one socket to the other, which the runtime takes for idle time.
async fn without_time<T>(future: impl Future<Output = T>) -> T {
    let busy = async {
        loop {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = future => done,
        never = busy => never,
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_must_say_something_in_time() {
    let server = Server::start(Paths::default(), None, limits()).await;
    for said in ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "GET / HTTP/1.1\r\nHost:"] {
        let mut client = server.say(said).await;
        let (after, _) = closed(&mut client).await;
        assert!(after <= limits().header_timeout, "{said:?} {after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_http_2_connection_that_only_answers_pings_is_closed() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let (mut sender, ended) = http2(&server).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(sender.send_request(request("/")).await.unwrap().status(), 200);
    let idle = Instant::now();
    let ended = ended.await.unwrap() - idle;
    let limit = limits().idle_timeout;
    assert!(ended >= limit && ended <= limit + GOODBYE + GOODBYE, "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_its_response_is_given_up() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/large")).await;
    tokio::time::sleep(limits().write_timeout + GOODBYE).await;
    let (after, received) = closed(&mut client).await;
    assert!(after.as_secs() == 0 && received < LARGE, "{after:?} {received}");
}

#[tokio::test(start_paused = true)]
async fn an_http_2_stream_whose_window_stays_shut_is_given_up() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let (mut sender, ended) = http2(&server).await;
    let unread = sender.send_request(request("/large")).await.unwrap();
    let start = Instant::now();
    let ended = ended.await.unwrap() - start;
    let limit = limits().write_timeout;
    assert!(ended >= limit && ended <= limit + GOODBYE, "{ended:?}");
    assert!(unread.into_body().collect().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_slowly_gets_all_of_its_response() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/large")).await;
    let mut received = 0;
    let mut buffer = vec![0; 16 * 1024 * 1024];
    while received < LARGE {
        tokio::time::sleep(limits().write_timeout / 2).await;
        let end = LARGE.min(received + buffer.len());
        received += without_time(client.read_exact(&mut buffer[..end - received])).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_writes_slowly_is_waited_for() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let (mut sender, _ended) = http2(&server).await;
    let body = sender.send_request(request("/slow")).await.unwrap().into_body().collect().await;
    assert_eq!(body.unwrap().to_bytes(), "slowslowslow");
    let mut client = server.say(&get("/")).await;
    assert_eq!(response(&mut client).await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn a_large_response_arrives_whole_over_http_2() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let (mut sender, _ended) = http2(&server).await;
    let response = sender.send_request(request("/large")).await.unwrap();
    assert_eq!(response.headers()["content-length"], LARGE.to_string().as_str());
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), LARGE);
}

#[tokio::test(start_paused = true)]
async fn a_body_whose_client_stops_sending_ends_with_an_error() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let head = "POST /collect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
    let mut client = server.say(&format!("{head}half")).await;
    let start = Instant::now();
    let (status, body) = response(&mut client).await;
    assert_eq!((status, body.as_str()), (200, "the client sent nothing more of the body for 25s"));
    assert!(start.elapsed() <= limits().read_timeout);
    // Slow is not stalled: something comes in time, again and again.
    let mut client = server.say(head).await;
    for byte in b"it is ok\n" {
        tokio::time::sleep(limits().read_timeout / 2).await;
        client.write_all(&[*byte]).await.unwrap();
    }
    assert_eq!(response(&mut client).await, (200, "it is ok\n".to_owned()));
}
