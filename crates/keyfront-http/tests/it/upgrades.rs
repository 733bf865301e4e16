//! Connections that leave HTTP by an upgrade.

use std::time::Duration;

use keyfront_http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixture::{Paths, Server, closed, get, head, limits, response, settle};

const UPGRADE: &str =
    "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

/// A client whose connection has left HTTP.
async fn tunnel(server: &Server) -> TcpStream {
    let mut client = server.say(UPGRADE).await;
    assert!(head(&mut client).await.starts_with("HTTP/1.1 101 "));
    client
}

async fn echoed(client: &mut TcpStream, text: &str) -> String {
    client.write_all(text.as_bytes()).await.unwrap();
    let mut answer = vec![0; text.len()];
    client.read_exact(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_outlives_the_limits_of_http_while_something_goes_through() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = tunnel(&server).await;
    for _ in 0..3 {
        tokio::time::sleep(limits().tunnel_idle_timeout * 9 / 10).await;
        assert_eq!(echoed(&mut client, "still here").await, "still here");
    }
    let (after, _) = closed(&mut client).await;
    let limit = limits().tunnel_idle_timeout;
    assert!(after >= limit * 9 / 10 && after <= limit + Duration::from_secs(1), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_tunnels_at_once() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = tunnel(&server).await;
    assert_eq!(echoed(&mut client, "a").await, "a");
    assert!(server.stop().await < Duration::from_secs(1));
    assert_eq!(closed(&mut client).await.0.as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_keeps_its_place_until_it_ends() {
    let server = Server::start(Paths::default(), None, Limits { max_connections: 1, ..limits() }).await;
    let mut client = tunnel(&server).await;
    let mut waiting = server.say(&get("/")).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let nothing = waiting.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(echoed(&mut client, "a").await, "a");
    drop(client);
    settle().await;
    assert_eq!(response(&mut waiting).await.0, 200);
}
