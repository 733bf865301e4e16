//! Tests of headers, cookies and query strings as an event has them.

use super::*;
use crate::event::{HeaderChange, Request};

fn shown(fields: &Fields) -> String {
    serde_json::to_string(fields).unwrap()
}

#[test]
fn a_request_is_what_was_on_the_wire_in_the_form_of_an_event() {
    let request = Request::receive(
        "GET",
        b"/media/index.mpd",
        Some(b"ID=42&NoValue=&querymv=val1&flag&querymv=val2,val3&&=x&a=b=c&p=%2F+"),
        [
            ("Host", b"video.example.com".as_slice()),
            ("Accept", b"application/json"),
            ("X-Latin", b"caf\xe9"),
            ("accept", b"application/xml, text/html"),
            ("T\u{c8}st-Header", b""),
            ("Connection", b"keep-alive"),
            ("X-Edge-Anything", b"1"),
            ("Cookie", b"Cookie1=value1; cookiemv=value3;; quoted=\"a b\" ; bare"),
            ("COOKIE", b"cookiemv=value4;a=b=c; Cookie1 = spaced"),
        ],
    );
    assert_eq!(request.uri, "/media/index.mpd");
    assert_eq!(
        shown(&request.querystring),
        r#"{"ID":{"value":"42"},"NoValue":{"value":""},"querymv":{"value":"val1","multiValue":[{"value":"val1"},{"value":"val2,val3"}]},"flag":{"value":""},"":{"value":"x"},"a":{"value":"b=c"},"p":{"value":"%2F+"}}"#
    );
    assert_eq!(
        shown(&request.headers),
        r#"{"host":{"value":"video.example.com"},"accept":{"value":"application/json","multiValue":[{"value":"application/json"},{"value":"application/xml, text/html"}]},"x-latin":{"value":"café"},"tÈst-header":{"value":""}}"#
    );
    assert_eq!(
        shown(&request.cookies),
        r#"{"Cookie1":{"value":"value1","multiValue":[{"value":"value1"},{"value":"spaced"}]},"cookiemv":{"value":"value3","multiValue":[{"value":"value3"},{"value":"value4"}]},"quoted":{"value":"\"a b\""},"bare":{"value":""},"a":{"value":"b=c"}}"#
    );
}

#[test]
fn a_query_string_that_is_absent_is_not_one_that_is_empty() {
    let raw = |query: Option<&[u8]>| Request::receive("GET", b"/", query, []).raw_querystring;
    assert_eq!(raw(None), None);
    assert_eq!(raw(Some(b"")).as_deref(), Some(""));
    assert_eq!(raw(Some(b"a=%41&a&&\xe9")).as_deref(), Some("a=%41&a&&\u{e9}"));
}

#[test]
fn cookies_of_a_response_have_attributes() {
    let response = Response::receive(
        200,
        "OK",
        [
            ("Content-Type", b"text/html".as_slice()),
            ("Set-Cookie", b"ID=id1234;Expires=Wed, 05 Apr 2021 07:28:00 GMT"),
            ("Set-Cookie", b"c=val1; Secure; Path=/"),
            ("Set-Cookie", b"plain=1"),
            ("set-cookie", b"c=val2; Path=/cat"),
            ("X-Cache", b"Miss from cloudfront"),
            ("Via", b"1.1 a"),
        ],
    );
    assert_eq!(shown(&response.headers), r#"{"content-type":{"value":"text/html"},"via":{"value":"1.1 a"}}"#);
    assert_eq!(
        shown(&response.cookies),
        r#"{"ID":{"value":"id1234","attributes":"Expires=Wed, 05 Apr 2021 07:28:00 GMT"},"c":{"value":"val1","attributes":"Secure; Path=/","multiValue":[{"value":"val1","attributes":"Secure; Path=/"},{"value":"val2","attributes":"Path=/cat"}]},"plain":{"value":"1"}}"#
    );
    assert_eq!(
        write_set_cookies(&response.cookies),
        [
            "ID=id1234; Expires=Wed, 05 Apr 2021 07:28:00 GMT",
            "c=val1; Secure; Path=/",
            "c=val2; Path=/cat",
            "plain=1"
        ]
    );
}

#[test]
fn what_was_read_is_written_again() {
    for query in ["", "a=1", "a=1&b=&c=x=y", "a=1&a=2&%20=%26"] {
        assert_eq!(write_query(&parse_query(query)), query);
    }
    let mut cookies = Fields::new();
    read_cookies("a=1; b=2; b=3", &mut cookies);
    assert_eq!(write_cookies(&cookies), "a=1; b=2; b=3");
}

#[test]
fn a_viewer_response_function_sees_the_request_as_the_first_function_left_it() {
    let received = Request::receive(
        "GET",
        b"/a",
        Some(b"x=1"),
        [("Host", b"h".as_slice()), ("Cookie", b"a=1"), ("X-Gone", b"1")],
    );
    let change = |name: &str, values: &[&str]| HeaderChange {
        name: name.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let forward = Forward {
        uri: Some("/b".to_owned()),
        querystring: Some("y=2&y=3".to_owned()),
        headers: vec![change("x-new", &["n", "m"]), change("x-gone", &[])],
        cookies: Some("b=2".to_owned()),
        origin: None,
    };
    let seen = received.changed_by(&forward);
    let expected = Request::receive(
        "GET",
        b"/b",
        Some(b"y=2&y=3"),
        [("Host", b"h".as_slice()), ("X-New", b"n"), ("X-New", b"m"), ("Cookie", b"b=2")],
    );
    assert_eq!(seen, expected);
}

#[test]
fn thousands_of_parameters_are_read_in_a_moment() {
    let query = (0..4_000).map(|number| format!("p{number}=")).collect::<Vec<_>>().join("&");
    let parameters = parse_query(&query);
    assert_eq!(parameters.len(), 4_000);
    assert_eq!(write_query(&parameters), query);
}
