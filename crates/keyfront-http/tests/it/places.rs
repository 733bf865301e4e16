//! Who gets a connection when there are too many.

use keyfront_http::Limits;

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
