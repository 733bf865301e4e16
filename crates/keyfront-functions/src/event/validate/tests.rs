//! Tests of what the service refuses in the result of a function.

use super::*;
use crate::event::{Body, Encoding, EventType, Item, Request, Response, broken_header_rules};

/// A judge's sentence, without what stands before all of them.
type Sentence = &'static str;

const ADDED: Sentence = "The CloudFront function tried to add a disallowed header.";
const TOUCHED: Sentence = "The CloudFront function tried to add, delete, or change a read-only header.";

fn event() -> Event {
    let headers = [
        ("Host", b"example.com".as_slice()),
        ("Accept", b"a"),
        ("Accept", b"b"),
        ("Content-Length", b"3"),
        ("X-Latin", b"caf\xe9"),
        ("Cookie", b"a=1; b=2"),
    ];
    let mut event = Event::from_request_line("POST /a", &[]).unwrap();
    event.request = Request::receive("POST", b"/a b\xff", Some(b"q=1&&q=2&r=\xe9"), headers);
    event
}

fn response_event() -> Event {
    let headers = [
        ("Content-Type", b"text/html".as_slice()),
        ("Content-Length", b"10"),
        ("Via", b"1.1 x"),
        ("Set-Cookie", b"a=1; Path=/"),
    ];
    let mut event = event();
    event.context.event_type = EventType::ViewerResponse;
    event.response = Some(Response::receive(200, "OK", headers));
    event
}

fn same_request(event: &Event) -> ReturnedRequest {
    let request = event.request.clone();
    ReturnedRequest {
        method: request.method,
        uri: request.uri,
        querystring: QueryString::Parameters(request.querystring),
        headers: request.headers,
        cookies: request.cookies,
    }
}

fn same_response(event: &Event) -> ReturnedResponse {
    let response = event.response.clone().unwrap();
    ReturnedResponse {
        status_code: response.status_code,
        status_description: response.status_description,
        headers: response.headers,
        cookies: response.cookies,
        body: None,
    }
}

fn generated(headers: &[(&str, &str)]) -> ReturnedResponse {
    ReturnedResponse {
        status_code: 302,
        status_description: None,
        headers: headers.iter().map(|(name, value)| (*name, one(value))).collect(),
        cookies: Fields::new(),
        body: None,
    }
}

fn one(value: &str) -> Field {
    Field::one(Item::new(value))
}

fn validated(event: &Event, outgoing: Outgoing) -> Result<EdgeAction, String> {
    validate(event, Returned { outgoing, origin: None }).map_err(|failure| {
        assert_eq!(failure.status(), 502);
        failure.message()
    })
}

fn forwarded(change: impl FnOnce(&mut ReturnedRequest)) -> Result<Forward, String> {
    let event = event();
    let mut request = same_request(&event);
    change(&mut request);
    match validated(&event, Outgoing::Request(request))? {
        EdgeAction::Forward(forward) => Ok(forward),
        EdgeAction::Respond(_) | EdgeAction::Response(_) => panic!("a request is forwarded"),
    }
}

fn changed(change: impl FnOnce(&mut ReturnedResponse)) -> Result<ResponseChange, String> {
    let event = response_event();
    let mut response = same_response(&event);
    change(&mut response);
    match validated(&event, Outgoing::Response(response))? {
        EdgeAction::Response(change) => Ok(change),
        EdgeAction::Respond(_) | EdgeAction::Forward(_) => panic!("a response is changed"),
    }
}

fn responded(response: ReturnedResponse) -> Result<Generated, String> {
    match validated(&event(), Outgoing::Response(response))? {
        EdgeAction::Respond(generated) => Ok(generated),
        EdgeAction::Response(_) | EdgeAction::Forward(_) => panic!("a response is generated"),
    }
}

fn set(name: &str, values: &[&str]) -> HeaderChange {
    HeaderChange { name: name.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

#[test]
fn what_was_not_changed_is_not_named_and_not_judged() {
    assert_eq!(forwarded(|_| {}), Ok(Forward::default()));
    let raw = event().request.raw_querystring.unwrap();
    assert_eq!(forwarded(|request| request.querystring = QueryString::Text(raw)), Ok(Forward::default()));
    let unchanged = changed(|_| {}).unwrap();
    assert_eq!((unchanged.headers, unchanged.set_cookies, unchanged.body), (vec![], None, NewBody::Kept));
}

#[test]
fn changes_are_named() {
    let forward = forwarded(|request| {
        request.uri = "/new path?x#y\u{e9}".to_owned();
        request.querystring =
            QueryString::Parameters([("q", one("9")), ("n", one(""))].into_iter().collect());
        request.headers.insert("x-new", one("v"));
        request.headers.insert("accept", one("a"));
        request.headers.remove("x-latin");
        request.cookies.remove("a");
    })
    .unwrap();
    assert_eq!(forward.uri.as_deref(), Some("/new%20path%3Fx%23y\u{e9}"));
    assert_eq!(forward.querystring.as_deref(), Some("q=9&n="));
    assert_eq!(forward.headers, [set("accept", &["a"]), set("x-new", &["v"]), set("x-latin", &[])]);
    assert_eq!(forward.cookies.as_deref(), Some("b=2"));

    let nothing = forwarded(|request| {
        request.querystring = QueryString::Text(String::new());
        request.cookies = Fields::new();
    })
    .unwrap();
    assert_eq!((nothing.querystring.as_deref(), nothing.cookies.as_deref()), (Some(""), Some("")));
}

/// What a function does to a request, and the sentence that refuses it.
type Case = (fn(&mut ReturnedRequest), Sentence);

fn assert_refused(table: &[Case]) {
    for (number, (change, sentence)) in table.iter().enumerate() {
        let expected = if sentence.starts_with("The ") {
            (*sentence).to_owned()
        } else {
            format!("The CloudFront function returned an invalid value: {sentence}.")
        };
        assert_eq!(forwarded(change), Err(expected), "case {number}");
    }
}

#[test]
fn a_request_whose_headers_or_cookies_break_a_rule_is_refused() {
    assert_refused(&[
        (|r| r.headers.insert("connection", one("close")), ADDED),
        (|r| r.headers.insert("x-edge-a", one("")), ADDED),
        (|r| r.headers.insert("x-forwarded-proto", one("https")), ADDED),
        (|r| r.headers.insert("host", one("other")), TOUCHED),
        (|r| r.headers.remove("host"), TOUCHED),
        (|r| r.headers.insert("via", one("1.1 me")), TOUCHED),
        (|r| r.headers = Fields::new(), TOUCHED),
        (
            |r| r.headers.insert("cookie", one("a=1")),
            "request.headers must not have cookie: cookies belong in request.cookies",
        ),
        (
            |r| r.headers.insert("x-a", one("a\r\nx-b: 1")),
            "request.headers must have values without line breaks and other control characters",
        ),
        (
            |r| r.headers.insert("x-a", one("a\0")),
            "request.headers must have values without line breaks and other control characters",
        ),
        (
            |r| r.headers.insert("x a", one("a")),
            "request.headers must have header names of letters, digits and hyphens",
        ),
        (
            |r| r.headers.insert("", one("a")),
            "request.headers must have header names of letters, digits and hyphens",
        ),
        (
            |r| r.headers.insert("x-\u{e9}", one("a")),
            "request.headers must have header names of letters, digits and hyphens",
        ),
        (
            |r| r.headers.insert("x:a", one("a")),
            "request.headers must have header names of letters, digits and hyphens",
        ),
        (
            |r| r.cookies.insert("a", one("x\ny")),
            "request.cookies must have values without line breaks and other control characters",
        ),
        (
            |r| r.cookies.insert("a;b", one("")),
            "request.cookies must have cookie names without control characters, \";\" and \"=\"",
        ),
    ]);
    assert!(forwarded(|r| r.headers.insert("x-a", one("tab\tand \u{e9}"))).is_ok());
}

#[test]
fn a_request_whose_path_or_query_string_breaks_a_rule_is_refused() {
    assert_refused(&[
        (|r| r.uri = "index.html".to_owned(), "request.uri must begin with a forward slash (/)"),
        (|r| r.uri = String::new(), "request.uri must begin with a forward slash (/)"),
        (|r| r.uri = "/a\r\nHost: b".to_owned(), "request.uri must not have control characters"),
        (
            |r| r.uri = "/".repeat(8_192),
            "request.uri and request.querystring together must have less than 8192 characters",
        ),
        (
            |r| r.querystring = QueryString::Text("a".repeat(8_188)),
            "request.uri and request.querystring together must have less than 8192 characters",
        ),
        (
            |r| r.querystring = QueryString::Text("a b".to_owned()),
            "request.querystring must not have spaces, control characters or the fragment identifier (#)",
        ),
        (
            |r| r.querystring = QueryString::Text("a#".to_owned()),
            "request.querystring must not have spaces, control characters or the fragment identifier (#)",
        ),
        (
            |r| r.querystring = QueryString::Parameters([("a", one("\u{7f}"))].into_iter().collect()),
            "request.querystring must not have spaces, control characters or the fragment identifier (#)",
        ),
    ]);
    // "/a b", the character that \xff became, "?" and the query: 8,191 characters.
    assert!(forwarded(|r| r.querystring = QueryString::Text("a".repeat(8_185))).is_ok());
}

#[test]
fn a_generated_response_has_all_its_headers_in_order() {
    let mut response = generated(&[("location", "/b"), ("cache-control", "no-store")]);
    response
        .cookies
        .append("a", Item { value: "1".to_owned(), attributes: Some("Secure; Path=/".to_owned()) });
    response.cookies.append("a", Item::new("2"));
    response.body = Some(Body { encoding: Encoding::Base64, data: vec![0, 255] });
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        responded(response),
        Ok(Generated {
            status_code: 302,
            status_description: None,
            headers: vec![
                pair("location", "/b"),
                pair("cache-control", "no-store"),
                pair("set-cookie", "a=1; Secure; Path=/"),
                pair("set-cookie", "a=2"),
            ],
            body: vec![0, 255],
        })
    );
}

#[test]
fn a_generated_response_that_breaks_a_rule_is_refused() {
    let table = [
        ("x-cache", "Hit", ADDED),
        ("connection", "close", ADDED),
        ("transfer-encoding", "chunked", TOUCHED),
        ("via", "1.1 me", TOUCHED),
        (
            "set-cookie",
            "a=1",
            "The CloudFront function returned an invalid value: response.headers must not have set-cookie: cookies belong \
             in response.cookies.",
        ),
        (
            "location",
            "/a\r\n\r\n<script>",
            "The CloudFront function returned an invalid value: response.headers must have values without line breaks and \
             other control characters.",
        ),
    ];
    for (name, value, sentence) in table {
        assert_eq!(responded(generated(&[(name, value)])), Err(sentence.to_owned()), "{name}");
    }
    let mut response = generated(&[]);
    response.status_description = Some("OK\r\nx: y".to_owned());
    assert!(responded(response).unwrap_err().contains("response.statusDescription must not have control"));
    let mut response = generated(&[]);
    response
        .cookies
        .append("a", Item { value: String::new(), attributes: Some("Path=/\r\nx: y".to_owned()) });
    assert!(
        responded(response).unwrap_err().contains("response.cookies must have values without line breaks")
    );
}

#[test]
fn a_response_may_change_more_than_a_request_and_its_body_has_three_fates() {
    let change = changed(|response| {
        response.status_code = 404;
        response.headers.insert("content-length", one("2"));
        response.headers.insert("content-encoding", one("br"));
        response.headers.remove("content-type");
        response.cookies.insert("b", one("2"));
    })
    .unwrap();
    assert_eq!(change.status_code, 404);
    assert_eq!(
        change.headers,
        [set("content-length", &["2"]), set("content-encoding", &["br"]), set("content-type", &[])]
    );
    assert_eq!(change.set_cookies.unwrap(), ["a=1; Path=/", "b=2"]);
    assert_eq!(changed(|response| response.cookies = Fields::new()).unwrap().set_cookies, Some(vec![]));

    let table = [(&b""[..], NewBody::Dropped), (b"new", NewBody::Replaced(b"new".to_vec()))];
    for (data, fate) in table {
        let body = Body { encoding: Encoding::Text, data: data.to_vec() };
        assert_eq!(changed(|response| response.body = Some(body)).unwrap().body, fate);
    }
    assert_eq!(changed(|response| response.headers.remove("via")), Err(TOUCHED.to_owned()));
    assert_eq!(changed(|response| response.headers.insert("warning", one("1"))), Err(TOUCHED.to_owned()));
    assert_eq!(changed(|response| response.headers.insert("keep-alive", one("1"))), Err(ADDED.to_owned()));
}

#[test]
fn all_headers_that_break_a_rule_can_be_told() {
    let event = event();
    let mut request = same_request(&event);
    request.headers.insert("x-real-ip", one("1"));
    request.headers.insert("via", one("1"));
    request.headers.remove("host");
    let returned = Returned { outgoing: Outgoing::Request(request), origin: None };
    let broken: Vec<_> = broken_header_rules(&event, &returned)
        .into_iter()
        .map(|broken| (broken.header, broken.rule))
        .collect();
    assert_eq!(
        broken,
        [
            ("x-real-ip".to_owned(), HeaderRule::Disallowed),
            ("via".to_owned(), HeaderRule::ReadOnly),
            ("host".to_owned(), HeaderRule::ReadOnly),
        ]
    );
}
