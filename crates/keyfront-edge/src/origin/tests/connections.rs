//! Connections between requests: which are used again, and which requests are sent again.

use super::server::{Server, Step};
use super::*;

/// An answer whose end is known, and the same connection for the next one.
const CLOSE: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
const TO_THE_END: &str = "HTTP/1.1 200 OK\r\n\r\nok";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
const OLD: &str = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Waits until connections that were given back are in their pool.
async fn settled(origins: &Origins) {
    while origins.figures().peers.iter().any(|peer| peer.under_way > 0) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_connection_is_used_again_if_the_answer_allows_it() {
    for (answer, connections) in
        [(OK, [0, 0]), (CHUNKED, [0, 0]), (CLOSE, [0, 1]), (TO_THE_END, [0, 1]), (OLD, [0, 1])]
    {
        let mut script = vec![Step::Answer(answer); 2];
        if answer != OK && answer != CHUNKED {
            script.truncate(1);
        }
        let server = Server::start(vec![script]).await;
        let origins = mapped(&server);
        for _ in 0..2 {
            assert_eq!(asked(&origins, &plan(description(NAME)), get("/")).await, ok(), "{answer}");
            settled(&origins).await;
        }
        assert_eq!(server.connections(), connections, "{answer}");
        assert_eq!(origins.figures().reused, u64::from(connections == [0, 0]), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_is_not_kept_longer_than_the_origin_says() {
    for (keep_alive, connections) in [(Duration::ZERO, [0, 1]), (Duration::from_secs(10), [0, 0])] {
        let server = Server::answering(OK).await;
        let origins = mapped(&server);
        let mut origin = description(NAME);
        origin.times.keep_alive = keep_alive;
        for _ in 0..2 {
            assert_eq!(asked(&origins, &plan(origin.clone()), get("/")).await, ok());
            settled(&origins).await;
        }
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn an_answer_that_is_not_read_closes_its_connection() {
    const LONG: &str = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok";
    let server = Server::start(vec![vec![Step::Answer(LONG), Step::Hang], vec![Step::Answer(OK)]]).await;
    let origins = mapped(&server);
    drop(origins.send(&plan(description(NAME)), get("/")).await.unwrap());
    assert_eq!(asked(&origins, &plan(description(NAME)), get("/")).await, ok());
    assert_eq!(server.connections(), [0, 1]);
}

#[tokio::test]
async fn a_request_is_sent_again_if_its_connection_was_dead() {
    const SLOW_END: &str = "HTTP/1.1 200 OK\r\nContent-Le";
    // The first connection answers one request and takes another one with it.
    for (method, body, last_words, expected) in [
        (Method::GET, None, "", true),
        (Method::OPTIONS, None, "", true),
        (Method::DELETE, None, "", false),
        (Method::POST, Some("body"), "", false),
        (Method::GET, None, SLOW_END, false),
    ] {
        let dying = vec![Step::Answer(OK), Step::Answer(last_words)];
        let server = Server::start(vec![dying, vec![Step::Answer(OK)]]).await;
        let origins = mapped(&server);
        assert_eq!(asked(&origins, &plan(description(NAME)), get("/")).await, ok());
        settled(&origins).await;
        let mut request = body.map_or_else(|| get("/"), post);
        request.method = method.clone();
        let answered = asked(&origins, &plan(description(NAME)), request).await;
        assert_eq!(answered.is_ok(), expected, "{method} {last_words:?}: {answered:?}");
        assert_eq!(origins.figures().retries, u64::from(expected), "{method} {last_words:?}");
        let connections: &[usize] = if expected { &[0, 0, 1] } else { &[0, 0] };
        assert_eq!(server.connections(), connections, "{method} {last_words:?}");
    }
}

#[tokio::test]
async fn a_fresh_connection_that_breaks_is_not_tried_again() {
    let server = Server::start(vec![vec![Step::Read]]).await;
    let mut origin = description(NAME);
    origin.connection_attempts = 3;
    let failure = asked(&mapped(&server), &plan(origin), get("/")).await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Broken(..)), "{failure:?}");
    assert_eq!(server.connections(), [0]);
}

#[tokio::test]
async fn connecting_is_tried_as_often_as_the_origin_says() {
    // The port was free a moment ago.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mappings = BTreeMap::from([(NAME.to_owned(), format!("http://{free}").parse().unwrap())]);
    let origins = origins(OriginSettings { mappings, ..OriginSettings::default() });
    let failure = asked(&origins, &plan(description(NAME)), get("/")).await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Connect(..)), "{failure:?}");
    assert_eq!(failure.status(), 502);
    let failures = origins.figures().failures;
    assert!(failures.contains(&("connect", 1)), "{failures:?}");
}

#[tokio::test]
async fn requests_beyond_the_room_of_an_origin_wait_and_are_refused() {
    let server = Server::start(vec![vec![Step::Read, Step::Hang]]).await;
    let origins = origins(OriginSettings {
        mappings: mappings(NAME, &server),
        connections_per_origin: 1,
        wait_for_room: Duration::from_millis(5),
        ..OriginSettings::default()
    });
    let plan = plan(description(NAME));
    let first = tokio::spawn({
        let (origins, plan) = (origins.clone(), plan.clone());
        async move { asked(&origins, &plan, get("/")).await }
    });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let failure = asked(&origins, &plan, get("/")).await.unwrap_err();
    assert_eq!(failure, OriginFailure::Overloaded("127.0.0.1".to_owned()));
    assert_eq!(failure.status(), 503);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    // Who leaves gives its room back.
    settled(&origins).await;
}
