//! Requests as origins get them, and answers as others see them.

use http::header::{HOST, HeaderName, HeaderValue};

use super::server::Server;
use super::*;

#[tokio::test]
async fn a_request_has_the_origins_host_path_and_headers() {
    let server = Server::answering(OK).await;
    let mut origin = description(NAME);
    origin.path = "/v1".to_owned();
    origin.custom_headers = [
        ("x-key", "of the origin"),
        ("host", "evil.example.com"),
        ("content-length", "5"),
        ("transfer-encoding", "chunked"),
    ]
    .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
    .to_vec();
    let mut request = get("/a%20b//c");
    request.query = Some("x=1&x=2".to_owned());
    for (name, value) in [
        ("x-key", "of the viewer"),
        ("accept", "*/*"),
        ("x-forwarded-for", "198.51.100.7"),
        ("connection", "close, x-hop, x-forwarded-for"),
        ("x-hop", "1"),
        ("keep-alive", "1"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("content-length", "7"),
        ("upgrade", "h2c"),
        ("expect", "100-continue"),
        ("proxy-authorization", "secret"),
        ("proxy-connection", "close"),
        ("trailer", "x"),
    ] {
        request.headers.append(name, value.parse().unwrap());
    }
    assert_eq!(asked(&mapped(&server), &plan(origin), request).await, ok());
    assert_eq!(
        server.request(),
        "GET /v1/a%20b//c?x=1&x=2 HTTP/1.1\r\nHost: api.example.com\r\nX-Key: of the origin\r\nAccept: */*\r\n\
         X-Forwarded-For: 198.51.100.7\r\nConnection: Keep-Alive\r\n\r\n"
    );
}

#[tokio::test]
async fn a_forwarded_host_is_the_host() {
    let server = Server::answering(OK).await;
    let mut request = get("/");
    request.headers.insert(HOST, HeaderValue::from_static("www.example.com"));
    assert_eq!(asked(&mapped(&server), &plan(description(NAME)), request).await, ok());
    assert!(server.request().contains("\r\nHost: www.example.com\r\n"), "{}", server.request());
}

#[tokio::test]
async fn a_mapping_puts_its_path_before_the_origins() {
    let server = Server::answering(OK).await;
    let target: Target = format!("{}/here/", server.url()).parse().unwrap();
    let mappings = BTreeMap::from([(NAME.to_owned(), target)]);
    let origins = origins(OriginSettings { mappings, ..OriginSettings::default() });
    let mut origin = description(NAME);
    origin.path = "/v1".to_owned();
    assert_eq!(asked(&origins, &plan(origin), get("/a")).await, ok());
    assert!(server.request().starts_with("GET /here/v1/a HTTP/1.1\r\nHost: api.example.com\r\n"));
}

#[tokio::test]
async fn a_mapping_by_port_comes_before_one_by_name() {
    let (by_port, by_name) = (Server::answering(OK).await, Server::answering(OK).await);
    let mut mappings = mappings("api.example.com:8080", &by_port);
    mappings.extend(self::mappings(NAME, &by_name));
    let origins = origins(OriginSettings { mappings, ..OriginSettings::default() });
    for (http_port, at_port) in [(8080, true), (80, false)] {
        let mut origin = description(NAME);
        origin.kind = OriginKind::Server(ServerOrigin {
            http_port,
            https_port: 443,
            protocol: ProtocolPolicy::HttpOnly,
            ip_address_type: None,
        });
        let (before, path) = (by_port.requests().len(), format!("/{http_port}"));
        assert_eq!(asked(&origins, &plan(origin), get(&path)).await, ok());
        assert_eq!(by_port.requests().len() > before, at_port, "{http_port}");
    }
}

#[tokio::test]
async fn a_body_is_framed_anew() {
    for (body, framing, text) in
        [(true, "Content-Length: 4\r\n", "\r\n\r\nbody"), (false, "Content-Length: 0\r\n", "\r\n\r\n")]
    {
        let server = Server::answering(OK).await;
        let mut request = post("body");
        request.headers.insert("content-length", HeaderValue::from_static("100"));
        if !body {
            request.body = None;
        }
        assert_eq!(asked(&mapped(&server), &plan(description(NAME)), request).await, ok());
        let request = server.request();
        assert!(request.contains(framing) && request.ends_with(text), "{request}");
    }
}

#[tokio::test]
async fn an_answer_has_no_headers_of_its_connection() {
    let server = Server::answering(
        "HTTP/1.1 299 Nearly Fine\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n\
         Transfer-Encoding: chunked\r\nTrailer: X-T\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 999\r\n\
         Location: /elsewhere\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
    )
    .await;
    let answer = mapped(&server).send(&plan(description(NAME)), get("/")).await.unwrap();
    assert_eq!(answer.head.reason.as_deref(), Some("Nearly Fine"));
    assert_eq!(&*answer.origin_id, "id of api.example.com");
    let names: Vec<_> =
        answer.head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let expected: [(_, &[u8]); 3] =
        [("set-cookie", b"a=1"), ("set-cookie", b"b=2"), ("location", b"/elsewhere")];
    assert_eq!(names, expected);
    assert_eq!(read(answer).await.unwrap(), (299, "abc".to_owned()));
}

#[tokio::test]
async fn interim_answers_are_skipped() {
    let server = Server::answering(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n\
         Content-Length: 2\r\n\r\nok",
    )
    .await;
    assert_eq!(asked(&mapped(&server), &plan(description(NAME)), get("/")).await, ok());
}

#[tokio::test]
async fn a_head_answer_keeps_its_length_and_has_no_body() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n").await;
    let origins = mapped(&server);
    for _ in 0..2 {
        let request = OriginRequest { method: Method::HEAD, ..get("/") };
        let answer = origins.send(&plan(description(NAME)), request).await.unwrap();
        assert_eq!(answer.head.text("content-length"), Some("5000"));
        assert_eq!(read(answer).await.unwrap(), (200, String::new()));
    }
}

#[tokio::test]
async fn what_cannot_stand_in_a_request_line_is_encoded() {
    for (path, query, line) in [
        ("/a\"b|c", None, "GET /a\"b|c HTTP/1.1"),
        ("/a b", None, "GET /a%20b HTTP/1.1"),
        ("/a#b", Some("c#d"), "GET /a%23b?c%23d HTTP/1.1"),
        ("/a\r\nX: y", None, "GET /a%0D%0AX:%20y HTTP/1.1"),
        ("/\u{fc}", Some(""), "GET /\u{fc}? HTTP/1.1"),
        ("", None, "GET / HTTP/1.1"),
        ("//b.example.com/", None, "GET //b.example.com/ HTTP/1.1"),
    ] {
        let server = Server::answering(OK).await;
        let mut request = get(path);
        request.query = query.map(str::to_owned);
        assert_eq!(asked(&mapped(&server), &plan(description(NAME)), request).await, ok(), "{path}");
        assert_eq!(server.request().lines().next(), Some(line), "{path}");
    }
}

#[tokio::test]
async fn a_request_is_no_large_state() {
    let server = Server::answering(OK).await;
    let (origins, plan) = (mapped(&server), plan(description(NAME)));
    let sending = origins.send(&plan, get("/"));
    let bytes = std::mem::size_of_val(&sending);
    assert!(bytes < 5000, "{bytes}");
    sending.await.unwrap();
}

/// AWS: "CloudFront supports only the chunked value of the Transfer-Encoding header".
#[tokio::test]
async fn a_body_that_is_coded_otherwise_for_its_transfer_is_no_answer() {
    for (coding, is_answer) in [
        ("chunked", true),
        ("Chunked", true),
        ("identity, chunked", true),
        ("gzip, chunked", false),
        ("gzip\r\nTransfer-Encoding: chunked", false),
        ("gzip", false),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        let server = Server::answering(answer.leak()).await;
        let answered = mapped(&server).send(&plan(description(NAME)), get("/")).await;
        assert_eq!(
            answered.map(|_| ()).map_err(|failure| failure.status()),
            if is_answer { Ok(()) } else { Err(502) },
            "{coding}"
        );
    }
}

/// AWS: "Server-Timing header metrics": the times of a connection are zero where an open one is used again.
#[tokio::test]
async fn an_answer_says_how_long_it_took() {
    let server = Server::answering(OK).await;
    let origins = mapped(&server);
    let mut seen = Vec::new();
    for _ in 0..2 {
        let answer = origins.send(&plan(description(NAME)), get("/")).await.unwrap();
        let times = answer.times.clone();
        assert!(times.first_byte > Duration::ZERO);
        answer.body.collect().await.unwrap();
        assert!(times.last_byte.get().is_some_and(|last_byte| last_byte >= times.first_byte));
        seen.push(times.connect > Duration::ZERO);
    }
    assert_eq!(seen, [true, false]);
}
