//! Origin groups: when the second origin is asked.

use super::server::{Server, Step};
use super::*;

const SECOND: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond";

/// What the first origin does.
#[derive(Clone, Copy, Debug)]
enum First {
    Answers(&'static str),
    Hangs,
    Breaks,
    Refuses,
    /// Is not mapped, and may not be reached.
    Unknown,
}

async fn group(first: First, statuses: &[u16], request: OriginRequest) -> (Result<u16, String>, bool) {
    let script = match first {
        First::Answers(text) => vec![Step::Answer(text)],
        First::Hangs => vec![Step::Read, Step::Hang],
        First::Breaks => vec![Step::Read],
        First::Refuses | First::Unknown => Vec::new(),
    };
    let (one, two) = (Server::start(vec![script]).await, Server::answering(SECOND).await);
    let mut mappings = mappings("two.example.com", &two);
    match first {
        First::Unknown => {}
        First::Refuses => {
            let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
            mappings.insert("one.example.com".to_owned(), format!("http://{free}").parse().unwrap());
        }
        First::Answers(_) | First::Hangs | First::Breaks => {
            mappings.extend(self::mappings("one.example.com", &one));
        }
    }
    let settings = OriginSettings { mappings, reach_unmapped: false, ..OriginSettings::default() };
    let look_up: LookUp = Arc::new(|_host| Box::pin(async { Err(std::io::Error::other("there is none")) }));
    let origins = Origins::with_look_up(settings, clock(), look_up).unwrap();
    let mut first = description("one.example.com");
    first.times.read = Duration::from_millis(20);
    let plan = Plan {
        first: Arc::new(first),
        second: Some(Arc::new(description("two.example.com"))),
        failover: statuses.to_vec(),
    };
    let answer = origins.send(&plan, request).await;
    let over = origins.figures().failovers == 1;
    let outcome = answer.map(|answer| {
        let expected = if over { "id of two.example.com" } else { "id of one.example.com" };
        assert_eq!(&*answer.origin_id, expected);
        answer.head.status.as_u16()
    });
    (outcome.map_err(|failure| failure.status().to_string()), over)
}

#[tokio::test]
async fn the_second_origin_is_asked_for_what_the_group_lists() {
    const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    // AWS: "Optimize high availability with CloudFront origin failover".
    for (first, statuses, expected, over) in [
        (First::Answers(OK), &[404, 503][..], Ok(200), false),
        (First::Answers(NOT_FOUND), &[404], Ok(200), true),
        (First::Answers(NOT_FOUND), &[403, 500], Ok(404), false),
        (First::Answers(BUSY), &[503], Ok(200), true),
        (First::Refuses, &[503], Ok(200), true),
        (First::Refuses, &[504], Err("502"), false),
        (First::Hangs, &[504], Ok(200), true),
        (First::Hangs, &[503], Err("504"), false),
        (First::Breaks, &[502], Ok(200), true),
        (First::Breaks, &[503, 504], Err("502"), false),
        // A setting is missing: the second origin would hide it.
        (First::Unknown, &[502, 503, 504], Err("502"), false),
    ] {
        let outcome = group(first, statuses, get("/")).await;
        assert_eq!(outcome, (expected.map_err(str::to_owned), over), "{first:?} {statuses:?}");
    }
}

#[tokio::test]
async fn only_safe_methods_without_a_body_fail_over() {
    const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    for (method, body, over) in [
        (Method::GET, false, true),
        (Method::HEAD, false, true),
        (Method::OPTIONS, false, true),
        (Method::OPTIONS, true, false),
        (Method::POST, true, false),
        (Method::POST, false, false),
        (Method::DELETE, false, false),
    ] {
        let mut request = if body { post("body") } else { get("/") };
        request.method = method.clone();
        assert_eq!(group(First::Answers(BUSY), &[503], request).await.1, over, "{method} {body}");
    }
}

#[tokio::test]
async fn the_second_origin_gets_the_request_with_its_own_settings() {
    let (one, two) =
        (Server::answering("HTTP/1.1 500 E\r\nContent-Length: 0\r\n\r\n").await, Server::answering(OK).await);
    let mut mappings = mappings("one.example.com", &one);
    mappings.extend(self::mappings("two.example.com", &two));
    let origins = origins(OriginSettings { mappings, ..OriginSettings::default() });
    let mut second = description("two.example.com");
    second.path = "/second".to_owned();
    let plan = Plan {
        first: Arc::new(description("one.example.com")),
        second: Some(Arc::new(second)),
        failover: vec![500],
    };
    assert_eq!(asked(&origins, &plan, get("/a")).await, ok());
    assert!(one.request().starts_with("GET /a HTTP/1.1\r\nHost: one.example.com\r\n"));
    assert!(two.request().starts_with("GET /second/a HTTP/1.1\r\nHost: two.example.com\r\n"));
}
