//! Tests of the difference between an expected and an actual result.

use super::*;
use crate::event::{Body, Encoding, Field, Response};

fn one(value: &str) -> Field {
    Field::one(Item::new(value))
}

fn items(values: &[&str]) -> Vec<Item> {
    values.iter().copied().map(Item::new).collect()
}

fn event() -> Event {
    Event::from_request_line("GET /a?p=1&p=2", &[("Host", "h"), ("X-Gone", "1"), ("Cookie", "c=1")]).unwrap()
}

fn same(event: &Event) -> ReturnedRequest {
    let request = event.request.clone();
    ReturnedRequest {
        method: request.method,
        uri: request.uri,
        querystring: QueryString::Parameters(request.querystring),
        headers: request.headers,
        cookies: request.cookies,
    }
}

fn of(event: &Event, outgoing: Outgoing) -> Vec<Change> {
    difference(event, &Returned { outgoing, origin: None })
}

#[test]
fn a_request_that_is_the_same_has_no_difference() {
    let event = event();
    assert_eq!(of(&event, Outgoing::Request(same(&event))), []);
    let mut as_text = same(&event);
    as_text.querystring = QueryString::Text("p=1&p=2".to_owned());
    assert_eq!(of(&event, Outgoing::Request(as_text)), []);
}

#[test]
fn every_change_of_a_request_is_told() {
    let event = event();
    let mut request = same(&event);
    request.uri = "/b".to_owned();
    request.querystring = QueryString::Parameters([("p", one("1"))].into_iter().collect());
    request.headers.insert("x-new", one("n"));
    request.headers.remove("x-gone");
    request.cookies = Fields::new();
    let name = str::to_owned;
    assert_eq!(
        of(&event, Outgoing::Request(request.clone())),
        [
            Change::Uri { from: name("/a"), to: name("/b") },
            Change::Changed {
                part: Part::Parameter,
                name: name("p"),
                from: items(&["1", "2"]),
                to: items(&["1"])
            },
            Change::Removed { part: Part::Header, name: name("x-gone"), values: items(&["1"]) },
            Change::Added { part: Part::Header, name: name("x-new"), values: items(&["n"]) },
            Change::Removed { part: Part::Cookie, name: name("c"), values: items(&["1"]) },
        ]
    );
    request.querystring = QueryString::Text("z".to_owned());
    let changes = of(&event, Outgoing::Request(request));
    assert_eq!(changes[1], Change::QueryText { from: name("p=1&p=2"), to: name("z") });
}

#[test]
fn a_generated_response_is_told_whole_and_a_changed_one_by_its_changes() {
    let mut event = event();
    let response = ReturnedResponse {
        status_code: 403,
        status_description: Some("Forbidden".to_owned()),
        headers: [("server", one("a"))].into_iter().collect(),
        cookies: Fields::new(),
        body: Some(Body { encoding: Encoding::Text, data: b"no".to_vec() }),
    };
    let server = |from: &[&str]| match from {
        [] => Change::Added { part: Part::Header, name: "server".to_owned(), values: items(&["a"]) },
        from => Change::Changed {
            part: Part::Header,
            name: "server".to_owned(),
            from: items(from),
            to: items(&["a"]),
        },
    };
    assert_eq!(
        of(&event, Outgoing::Response(response.clone())),
        [
            Change::Generated { status_code: 403, status_description: Some("Forbidden".to_owned()) },
            server(&[]),
            Change::Body { bytes: 2 },
        ]
    );
    event.context.event_type = EventType::ViewerResponse;
    event.response = Some(Response::receive(200, "OK", [("Server", b"b".as_slice())]));
    assert_eq!(
        of(&event, Outgoing::Response(response)),
        [
            Change::StatusCode { from: 200, to: 403 },
            Change::StatusDescription { from: Some("OK".to_owned()), to: Some("Forbidden".to_owned()) },
            server(&["b"]),
            Change::Body { bytes: 2 },
        ]
    );
}
