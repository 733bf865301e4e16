//! Tests of what of an object a viewer gets.

use http::HeaderMap;
use http::header::HeaderName;

use super::*;

const LENGTH: u64 = 26;

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let line = |(name, value): &(&'static str, &'static str)| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    lines.iter().map(line).collect()
}

fn request(method: Method, lines: &[(&'static str, &'static str)]) -> RequestHead {
    RequestHead {
        method,
        host: "a.example".to_owned(),
        path: "/alphabet".to_owned(),
        query: None,
        headers: headers(lines),
    }
}

fn object() -> ResponseHead {
    ResponseHead {
        status: StatusCode::OK,
        reason: Some("Fine".to_owned()),
        headers: headers(&[
            ("content-type", "text/plain"),
            ("content-length", "26"),
            ("etag", "\"a\""),
            ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("cache-control", "max-age=60"),
            ("accept-ranges", "bytes"),
        ]),
    }
}

fn get(lines: &[(&'static str, &'static str)]) -> Selection {
    select(&request(Method::GET, lines), &object(), Some(LENGTH))
}

#[test]
fn a_request_without_conditions_and_ranges_gets_the_object() {
    assert_eq!(get(&[]), Selection::Whole);
}

#[test]
fn a_current_copy_gets_304_with_what_describes_the_object_and_not_a_body() {
    let Selection::NotModified(head) = get(&[("if-none-match", "\"b\", W/\"a\""), ("range", "bytes=0-4")])
    else {
        panic!("a 304 is needed")
    };
    assert_eq!(head.status, StatusCode::NOT_MODIFIED);
    assert_eq!(head.reason, None);
    let expected = headers(&[
        ("etag", "\"a\""),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("cache-control", "max-age=60"),
    ]);
    assert_eq!(head.headers, expected);
}

#[test]
fn entity_tags_come_in_several_lines() {
    let selection = get(&[("if-none-match", "\"b\""), ("if-none-match", "\"a\"")]);
    assert!(matches!(selection, Selection::NotModified(_)));
}

#[test]
fn another_state_fails() {
    assert_eq!(get(&[("if-match", "\"b\"")]), Selection::PreconditionFailed);
    assert_eq!(
        get(&[("if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT")]),
        Selection::PreconditionFailed
    );
}

#[test]
fn one_range_is_a_part_of_the_object() {
    let Selection::Part(head, range) = get(&[("range", "bytes=-6"), ("if-range", "\"a\"")]) else {
        panic!("a part is needed")
    };
    assert_eq!(range, 20..26);
    assert_eq!(head.status, StatusCode::PARTIAL_CONTENT);
    let mut expected = object().headers;
    expected.insert("content-range", HeaderValue::from_static("bytes 20-25/26"));
    expected.insert("content-length", HeaderValue::from_static("6"));
    assert_eq!(head.headers, expected);
}

#[test]
fn several_ranges_are_framed() {
    let Selection::Parts(head, multipart) = get(&[("range", "bytes=0-1,-2")]) else {
        panic!("parts are needed")
    };
    let content_type = head.text("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
    assert_eq!(boundary.len(), "CloudFront:3F750DE0752BEDE3882F7DBE80010D31".len(), "{boundary}");
    let letters = b"abcdefghijklmnopqrstuvwxyz";
    let mut body = Vec::new();
    for part in &multipart.parts {
        body.extend_from_slice(&part.opening);
        let range = usize::try_from(part.range.start).unwrap()..usize::try_from(part.range.end).unwrap();
        body.extend_from_slice(&letters[range]);
    }
    body.extend_from_slice(&multipart.closing);
    // RFC 9110 §14.6, the form of the example.
    let expected = format!(
        "--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/26\r\n\r\nab\r\n\
         --{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes 24-25/26\r\n\r\nyz\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(body).unwrap(), expected);
    assert_eq!(multipart.length, u64::try_from(expected.len()).unwrap());
    assert_eq!(head.text("content-length").unwrap(), expected.len().to_string());
    assert_eq!(head.text("content-range"), None);
}

#[test]
fn a_range_past_the_end_cannot_be_satisfied() {
    let Selection::Unsatisfiable(head) = get(&[("range", "bytes=26-")]) else { panic!("a 416 is needed") };
    assert_eq!(head.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let expected =
        headers(&[("accept-ranges", "bytes"), ("content-length", "0"), ("content-range", "bytes */26")]);
    assert_eq!(head.headers, expected);
}

#[test]
fn ranges_are_left_out_of_account_where_they_do_not_apply() {
    let ranged = [("range", "bytes=0-4")];
    let other_state = [("range", "bytes=0-4"), ("if-range", "\"b\"")];
    let failed = ResponseHead { status: StatusCode::NOT_FOUND, ..object() };
    for (request, object, length) in [
        (request(Method::HEAD, &ranged), object(), Some(LENGTH)),
        (request(Method::GET, &ranged), object(), None),
        (request(Method::GET, &other_state), object(), Some(LENGTH)),
        (request(Method::GET, &[("range", "bytes=4-2")]), object(), Some(LENGTH)),
        (request(Method::GET, &ranged), failed.clone(), Some(LENGTH)),
        (request(Method::GET, &[("if-none-match", "\"a\"")]), failed, Some(LENGTH)),
    ] {
        assert_eq!(select(&request, &object, length), Selection::Whole, "{request:?}");
    }
}
