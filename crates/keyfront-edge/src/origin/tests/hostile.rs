//! Servers that break the rules.

use super::server::{Server, Step};
use super::*;

/// What comes of an answer: status and body, or the beginning of the failure's name.
async fn outcome(script: Vec<Step>, origin: OriginDescription) -> Result<(u16, String), String> {
    let server = Server::start(vec![script]).await;
    let outcome = asked(&mapped(&server), &plan(origin), get("/")).await;
    outcome.map_err(|failure| format!("{failure:?}").split('(').next().unwrap().to_owned())
}

#[tokio::test]
async fn what_is_not_an_answer_is_a_failure() {
    let headers: &'static str = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(150)).leak();
    let long: &'static str = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "b".repeat(70_000)).leak();
    for answer in [
        "",
        "ok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\rB: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 99 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        headers,
        long,
    ] {
        let outcome = outcome(vec![Step::Answer(answer)], description(NAME)).await;
        assert_eq!(outcome, Err("Broken".to_owned()), "{answer:?}");
    }
}

#[tokio::test]
async fn a_body_that_lies_or_breaks_off_is_a_failure_at_that_place() {
    for (answer, expected) in [
        ("Content-Length: 5\r\n\r\nok", None),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nok", None),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", None),
        ("Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n", None),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n", None),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nok", None),
        // More than was promised is no part of the answer.
        ("Content-Length: 2\r\n\r\nok and more", Some("ok")),
        // RFC 9112 section 6.3: chunks count, not the length.
        ("Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Some("ok")),
        // The end of the connection is the end of the body.
        ("X: y\r\n\r\nok", Some("ok")),
    ] {
        let answer: &'static str = format!("HTTP/1.1 200 OK\r\n{answer}").leak();
        let expected = expected.map(|body| (200, body.to_owned())).ok_or_else(|| "Broken".to_owned());
        assert_eq!(outcome(vec![Step::Answer(answer)], description(NAME)).await, expected, "{answer:?}");
    }
}

#[tokio::test]
async fn what_comes_after_an_answer_is_not_the_next_one() {
    let poisoned =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let server = Server::start(vec![vec![Step::Answer(poisoned), Step::Hang], vec![Step::Answer(OK)]]).await;
    let origins = mapped(&server);
    let plan = plan(description(NAME));
    assert_eq!(asked(&origins, &plan, get("/")).await, ok());
    while origins.figures().peers.iter().any(|peer| peer.under_way > 0) {
        tokio::task::yield_now().await;
    }
    assert_eq!(asked(&origins, &plan, get("/")).await, ok());
    assert_eq!(server.connections(), [0, 1]);
}

#[tokio::test]
async fn an_origin_that_stops_is_not_waited_for() {
    let mut origin = description(NAME);
    origin.times.read = Duration::from_millis(20);
    for script in [
        vec![Step::Read, Step::Hang],
        vec![Step::Answer("HTTP/1.1 200 OK\r\nContent-"), Step::Hang],
        vec![Step::Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"), Step::Hang],
        vec![Step::Read, Step::Endless("HTTP/1.1 103 Early Hints\r\n\r\n")],
    ] {
        let outcome = outcome(script.clone(), origin.clone()).await;
        assert_eq!(outcome, Err("Timeout".to_owned()), "{script:?}");
    }
}

#[tokio::test]
async fn a_body_without_end_ends_with_the_time_for_the_whole_answer() {
    let mut origin = description(NAME);
    origin.times.completion = Some(Duration::from_millis(50));
    let endless = vec![Step::Answer("HTTP/1.1 200 OK\r\n\r\n"), Step::Endless("more of it")];
    assert_eq!(outcome(endless, origin.clone()).await, Err("Timeout".to_owned()));
    assert_eq!(outcome(vec![Step::Read, Step::Hang], origin).await, Err("Timeout".to_owned()));
}

#[tokio::test]
async fn only_get_and_head_are_asked_again_after_a_timeout() {
    // AWS: "Response timeout", "Connection attempts": for a custom origin.
    let custom = description(NAME).kind;
    for (kind, method, times) in [
        (&custom, Method::GET, 2),
        (&custom, Method::HEAD, 2),
        (&custom, Method::OPTIONS, 1),
        (&custom, Method::DELETE, 1),
        (&custom, Method::POST, 1),
        (&OriginKind::Bucket, Method::GET, 1),
    ] {
        let server = Server::start(vec![vec![Step::Read, Step::Hang]]).await;
        let mut origin = description(NAME);
        origin.connection_attempts = 2;
        origin.kind = kind.clone();
        origin.times.read = Duration::from_millis(20);
        let mut request = if method == Method::POST { post("body") } else { get("/") };
        request.method = method.clone();
        let failure = asked(&mapped(&server), &plan(origin), request).await.unwrap_err();
        assert_eq!((failure.status(), server.requests().len()), (504, times), "{method}");
    }
}
