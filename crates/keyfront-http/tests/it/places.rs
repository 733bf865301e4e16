//! Who gets a connection when there are too many.

use std::time::Duration;

use keyfront_http::Limits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::fixture::{Paths, Server, closed, get, limits, response, settle};

#[tokio::test(start_paused = true)]
async fn a_new_connection_gets_the_place_of_the_oldest_idle_one() {
    let limits = Limits { max_connections: 3, ..limits() };
    let server = Server::start(Paths::default(), None, limits).await;
    let mut oldest = server.say("").await;
    let _busy = server.say(&get("/wait")).await;
    let _slow_to_speak = server.say("GET / HTTP/1.1\r\n").await;
    let mut new = server.say(&get("/")).await;
    assert_eq!(response(&mut new).await.0, 200);
    let (after, received) = closed(&mut oldest).await;
    assert!(after < limits.header_timeout && received == 0, "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_waits_while_all_are_busy() {
    let paths = Paths::default();
    let server = Server::start(paths.clone(), None, Limits { max_connections: 2, ..limits() }).await;
    let mut busy = [server.say(&get("/wait")).await, server.say(&get("/wait")).await];
    let mut waiting = server.say(&get("/")).await;
    let nothing = waiting.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    paths.release.notify_one();
    assert_eq!(response(&mut waiting).await.0, 200);
    paths.release.notify_one();
    settle().await;
    // One has its answer and has made room; the other keeps its place.
    let mut answered = Vec::new();
    for client in &mut busy {
        answered.push(response(client).await.0);
    }
    assert_eq!(answered, [200, 200]);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_has_its_share_is_refused_further_connections() {
    let paths = Paths::default();
    let server =
        Server::start(paths.clone(), None, Limits { max_connections_per_address: 2, ..limits() }).await;
    let mut busy = server.say(&get("/wait")).await;
    let _other = server.say(&get("/wait")).await;
    let mut third = server.say(&get("/")).await;
    let (after, received) = closed(&mut third).await;
    assert!(after.as_secs() == 0 && received == 0, "{after:?}");
    paths.release.notify_waiters();
    assert_eq!(response(&mut busy).await.0, 200);
    let mut fourth = server.say(&get("/")).await;
    assert_eq!(response(&mut fourth).await.0, 200);
}

/// The head of a request with a body, of which the first bytes follow.
fn post(path: &str, length: usize, first: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{first}")
}

/// Fills all places with requests of two connections from each of these addresses.
async fn fill(server: &Server, addresses: u8, request: &str) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for address in 0..addresses {
        for _ in 0..2 {
            clients.push(server.say_from([127, 0, 1, address], request).await);
        }
    }
    clients
}

#[tokio::test(start_paused = true)]
async fn slow_senders_from_many_addresses_make_room() {
    let limits = Limits { max_connections: 20, max_connections_per_address: 4, ..limits() };
    let server = Server::start(Paths::default(), None, limits).await;
    let mut slow = fill(&server, 10, &post("/collect", 1000, "x")).await;
    // They send a byte now and then, so no read timeout passes.
    for _ in 0..3 {
        sleep(Duration::from_millis(100)).await;
        for client in &mut slow {
            client.write_all(b"x").await.unwrap();
        }
    }
    let begun = Instant::now();
    let mut new = server.say(&post("/collect", 5, "hello")).await;
    assert_eq!(response(&mut new).await, (200, "hello".to_owned()));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn those_who_do_not_read_make_room_and_those_who_keep_pace_do_not() {
    let limits = Limits { max_connections: 20, ..limits() };
    let server = Server::start(Paths::default(), None, limits).await;
    let mut at_work = server.say_from([127, 0, 2, 1], &post("/collect", 200_000, "x")).await;
    let mut readers = fill(&server, 9, &get("/large")).await;
    readers.push(server.say_from([127, 0, 2, 2], &get("/large")).await);
    // 100,000 bytes a second.
    for _ in 0..4 {
        sleep(Duration::from_millis(100)).await;
        at_work.write_all(&[b'x'; 10_000]).await.unwrap();
        settle().await;
    }
    let mut new = server.say(&get("/")).await;
    assert_eq!(response(&mut new).await.0, 200);
    at_work.write_all(&vec![b'x'; 200_000 - 40_001]).await.unwrap();
    assert_eq!(response(&mut at_work).await.0, 200);
}
