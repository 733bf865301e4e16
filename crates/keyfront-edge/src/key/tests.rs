//! Tests of cache keys.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use keyfront_domain::forwarding::{AcceptEncoding, Defaults, ForwardingRules, Names, Selected, Selection};
use proptest::prelude::*;

use super::{CacheKey, KeyPlan};
use crate::forward::{Audience, ForwardPlan, Marks};
use crate::message::{RequestHead, Viewer};

fn rules(headers: &[&str], cookies: Selection, query_strings: Selection, gzip: bool) -> ForwardingRules {
    let headers = match headers {
        [] => Selection::None,
        names => Selection::Only(Names::of_headers(names.iter().copied())),
    };
    let key = Selected { headers, cookies, query_strings };
    ForwardingRules {
        forward: key.clone(),
        key,
        defaults: Defaults::Policies,
        accept_encoding: AcceptEncoding { gzip, brotli: gzip },
        cloudfront_headers: Vec::new(),
        ttls: keyfront_domain::caching::freshness::Ttls::DISABLED,
        caches: true,
    }
}

fn only(names: &[&str]) -> Selection {
    Selection::Only(Names::of(names.iter().copied()))
}

fn viewer() -> Viewer {
    Viewer {
        address: "192.0.2.2:1234".parse().unwrap(),
        secure: true,
        version: Version::HTTP_11,
        country: String::new(),
        tls: None,
        mtls: None,
    }
}

/// A request by its method, its target and its headers.
fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> RequestHead {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    RequestHead {
        method: Method::from_bytes(method.as_bytes()).unwrap(),
        host: "d1.cloudfront.net".to_owned(),
        path: path.to_owned(),
        query,
        headers: map,
    }
}

fn key(rules: &ForwardingRules, head: &RequestHead) -> CacheKey {
    KeyPlan::new("E1", rules).key(head, &viewer())
}

/// "By default, the cache key includes the domain name of the distribution and the URL path"; OPTIONS apart (AWS:
/// Understand the cache key).
#[test]
fn without_selections_distribution_path_and_method_are_the_key() {
    let rules = rules(&[], Selection::None, Selection::None, false);
    let plain = key(&rules, &head("GET", "/a", &[]));
    for (same, method, target, headers) in [
        (true, "HEAD", "/a", &[][..]),
        (
            true,
            "GET",
            "/a?ref=0123abc",
            &[("accept", "text/html"), ("cookie", "session_id=1"), ("host", "x")],
        ),
        (true, "GET", "/a", &[("accept-encoding", "gzip")]),
        (false, "OPTIONS", "/a", &[]),
        (false, "POST", "/a", &[]),
        (false, "GET", "/A", &[]),
        (false, "GET", "/%61", &[]),
        (false, "GET", "//a", &[]),
        (false, "GET", "/a/", &[]),
    ] {
        assert_eq!(key(&rules, &head(method, target, headers)) == plain, same, "{method} {target}");
    }
    let other = KeyPlan::new("E2", &rules).key(&head("GET", "/a", &[]), &viewer());
    assert_ne!(other, plain);
    assert_ne!(key(&rules, &head("POST", "/a", &[])), key(&rules, &head("PUT", "/a", &[])));
}

/// A key that other rules made says something else, even where its parts are the same.
#[test]
fn rules_are_part_of_the_key() {
    let request = head("GET", "/a?x=1", &[("x-a", "1"), ("x-b", "1")]);
    let all = [
        rules(&[], Selection::None, Selection::None, false),
        rules(&["x-a"], Selection::None, Selection::None, false),
        rules(&["x-b"], Selection::None, Selection::None, false),
        rules(&[], Selection::All, Selection::None, false),
        rules(&[], Selection::None, Selection::All, false),
        rules(&[], Selection::None, only(&["x"]), false),
        rules(&[], Selection::None, Selection::None, true),
    ];
    for (index, one) in all.iter().enumerate() {
        for (other_index, other) in all.iter().enumerate() {
            assert_eq!(key(one, &request) == key(other, &request), index == other_index, "{one:?} {other:?}");
        }
    }
}

#[test]
fn what_is_selected_is_in_the_key() {
    let rules = rules(&["x-a", "host", "x-forwarded-for"], only(&["c", "d"]), only(&["q", "r"]), true);
    let sent = [("x-a", "1"), ("cookie", "c=1; d=2"), ("accept-encoding", "gzip, br")];
    let base = key(&rules, &head("GET", "/a?q=1&r=2", &sent));
    for (same, target, headers) in [
        (
            true,
            "/a?other&q=1&r=2",
            [("x-a", "1"), ("cookie", "d=2; e=3;c=1"), ("accept-encoding", "br;q=1,gzip")],
        ),
        (
            true,
            "/a?q=1&&r=2",
            [("x-a", "1"), ("cookie", "c=1; d=2"), ("accept-encoding", "deflate, gzip, br")],
        ),
        (false, "/a?r=2&q=1", sent),
        (false, "/a?q=1", sent),
        (false, "/a?q=1&r=2&%71=3", sent),
        (false, "/a?q=1&r=2", [("x-a", "2"), ("cookie", "c=1; d=2"), ("accept-encoding", "gzip, br")]),
        (false, "/a?q=1&r=2", [("x-b", "1"), ("cookie", "c=1; d=2"), ("accept-encoding", "gzip, br")]),
        (false, "/a?q=1&r=2", [("x-a", "1"), ("cookie", "c=1; d=3"), ("accept-encoding", "gzip, br")]),
        (false, "/a?q=1&r=2", [("x-a", "1"), ("cookie", "c=1; D=2"), ("accept-encoding", "gzip, br")]),
        (false, "/a?q=1&r=2", [("x-a", "1"), ("cookie", "c=1; d=2"), ("accept-encoding", "gzip")]),
    ] {
        assert_eq!(key(&rules, &head("GET", target, &headers)) == base, same, "{target} {headers:?}");
    }
    let with = |more: &[(&str, &str)]| key(&rules, &head("GET", "/a?q=1&r=2", &[&sent[..], more].concat()));
    assert_eq!(with(&[("host", "d1.cloudfront.net")]), base, "the host that was named is the host");
    assert_ne!(with(&[("host", "other.example")]), base);
    assert_ne!(with(&[("x-a", "1")]), base, "twice is not once");
    assert_ne!(with(&[("x-forwarded-for", "192.0.2.1")]), base);
    assert_ne!(with(&[("connection", "x-a")]), base, "what does not reach the origin is not in the key");
    let elsewhere = Viewer { address: "192.0.2.3:1".parse().unwrap(), ..viewer() };
    let request = head("GET", "/a?q=1&r=2", &sent);
    assert_ne!(
        KeyPlan::new("E1", &rules).key(&request, &elsewhere),
        base,
        "X-Forwarded-For names the viewer"
    );
}

/// Each row has the same bytes in other parts.
#[test]
fn parts_do_not_run_into_each_other() {
    let rules = rules(&["x-a", "x-b"], Selection::All, Selection::All, false);
    for (one, other) in [
        (("/a", &[("cookie", "a=1; ab=2")][..]), ("/a", &[("cookie", "a=1a; b=2")][..])),
        (("/a", &[("x-a", "1"), ("x-b", "23")]), ("/a", &[("x-a", "12"), ("x-b", "3")])),
        (("/a", &[("x-a", "1"), ("x-a", "23")]), ("/a", &[("x-a", "12"), ("x-a", "3")])),
        (("/a", &[("x-a", "1"), ("x-a", "1")]), ("/a", &[("x-a", "1"), ("x-b", "1")])),
        (("/a", &[("x-a", "")]), ("/a", &[])),
        (("/a?", &[]), ("/a", &[])),
        (("/a?b", &[]), ("/a", &[("x-a", "?b")])),
    ] {
        assert_ne!(
            key(&rules, &head("GET", one.0, one.1)),
            key(&rules, &head("GET", other.0, other.1)),
            "{one:?}"
        );
    }
    let mut question_mark = head("GET", "/a", &[]);
    question_mark.path.push_str("?b");
    assert_ne!(key(&rules, &question_mark), key(&rules, &head("GET", "/a?b", &[])));
    assert_ne!(
        KeyPlan::new("E1", &rules).key(&head("GET", "/a", &[]), &viewer()),
        KeyPlan::new("E", &rules).key(&head("GET", "1/a", &[]), &viewer()),
    );
}

#[test]
fn a_key_tells_what_invalidations_ask_for() {
    for (query_strings, target, told) in [
        (Selection::None, "/a/b?q=1", "/a/b"),
        (Selection::All, "/a/b?q=1&r", "/a/b?q=1&r"),
        (Selection::All, "/a/b?", "/a/b?"),
        (only(&["r"]), "/a/b?q=1&r", "/a/b?r"),
        (only(&["r"]), "/a/b?q=1", "/a/b"),
    ] {
        let rules = rules(&["x-a"], Selection::All, query_strings, true);
        let key = key(&rules, &head("OPTIONS", target, &[("x-a", "1")]));
        assert_eq!((key.distribution_id(), key.path(), key.target()), ("E1", "/a/b", told), "{target}");
        assert_eq!(key.clone(), key);
        assert!(key.weight() > target.len());
    }
}

fn selection() -> impl Strategy<Value = Selection> {
    prop_oneof![
        Just(Selection::None),
        Just(Selection::All),
        Just(only(&["a"])),
        Just(Selection::Except(Names::of(["a"]))),
    ]
}

fn request() -> impl Strategy<Value = RequestHead> {
    let method = prop_oneof![Just("GET"), Just("HEAD"), Just("OPTIONS")];
    let names = vec!["x-a", "x-b", "cookie", "accept-encoding", "connection", "accept", "origin", "range"];
    let value = prop_oneof!["[abx=;, -]{0,5}", Just("gzip".to_owned()), Just("x-a".to_owned())];
    let headers = prop::collection::vec((prop::sample::select(names), value), 0..4);
    (method, "/[ab]{0,1}", prop::option::of("[ab=&]{0,4}"), headers).prop_map(
        |(method, path, query, headers)| {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.trim())).collect();
            let target = query.map_or(path.clone(), |query| format!("{path}?{query}"));
            head(method, &target, &headers)
        },
    )
}

/// One request, and another that differs in one part at most, so that both outcomes are common.
fn pair() -> impl Strategy<Value = (RequestHead, RequestHead)> {
    (request(), request(), 0..5_u8).prop_map(|(one, other, part)| {
        let mut mixed = one.clone();
        match part {
            0 => mixed.method = other.method,
            1 => mixed.path = other.path,
            2 => mixed.query = other.query,
            3 => mixed.headers = other.headers,
            _ => mixed.headers.extend(other.headers),
        }
        (one, mixed)
    })
}

/// What an origin sees of a request for the cache. HEAD and GET are for the same object, and `identity` asks for it as no
/// `Accept-Encoding` does.
fn seen(rules: &ForwardingRules, head: &RequestHead) -> (Method, String, Option<String>, HeaderMap) {
    let mark = HeaderValue::from_static("mark");
    let marks = Marks { via: &mark, request_id: &mark };
    let asked = ForwardPlan::new(rules).origin_request(head, &viewer(), Audience::Everyone, marks);
    let method = if asked.method == Method::HEAD { Method::GET } else { asked.method };
    let mut headers = asked.headers;
    if headers.get("accept-encoding").is_some_and(|value| value == "identity") {
        headers.remove("accept-encoding");
    }
    (method, asked.path, asked.query, headers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    /// Requests share a key exactly if an origin that gets the key's data alone cannot tell them apart.
    #[test]
    fn requests_share_a_key_exactly_if_an_origin_cannot_tell_them_apart(
        (one, other) in pair(),
        cookies in selection(),
        query_strings in selection(),
        headers in prop::sample::subsequence(vec!["accept", "origin", "x-a", "x-b"], 0..=4),
        gzip: bool,
    ) {
        let rules = rules(&headers, cookies, query_strings, gzip);
        let same = key(&rules, &one) == key(&rules, &other);
        prop_assert_eq!(same, seen(&rules, &one) == seen(&rules, &other), "{:?}", rules);
    }
}
