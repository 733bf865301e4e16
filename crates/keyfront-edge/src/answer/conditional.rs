//! Conditional requests on HTTP heads.

use http::header::{
    ACCEPT_RANGES, AsHeaderName, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, DATE, ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
    LAST_MODIFIED,
};
use http::{HeaderMap, Method, StatusCode};
use keyfront_domain::caching::conditions::{self, Conditions, Precondition, Validators};

use crate::message::ResponseHead;

/// What follows from the conditions of a request for an object that would be answered with 200.
pub(super) fn evaluate(method: &Method, request: &HeaderMap, object: &HeaderMap) -> Precondition {
    let conditions = Conditions {
        if_match: lines(request, IF_MATCH),
        if_none_match: lines(request, IF_NONE_MATCH),
        if_modified_since: first(request, IF_MODIFIED_SINCE),
        if_unmodified_since: first(request, IF_UNMODIFIED_SINCE),
    };
    conditions.evaluate(method == Method::GET || method == Method::HEAD, &validators(object))
}

/// Whether `If-Range` is absent, or is met.
pub(super) fn range_is_allowed(request: &HeaderMap, object: &HeaderMap) -> bool {
    match request.get(IF_RANGE) {
        None => true,
        Some(_) => {
            first(request, IF_RANGE).is_some_and(|value| conditions::allows_range(value, &validators(object)))
        }
    }
}

/// The head of a 304: that of the object, without what describes a body (RFC 9110 §15.4.5).
pub(super) fn not_modified(object: &ResponseHead) -> ResponseHead {
    let mut head =
        ResponseHead { status: StatusCode::NOT_MODIFIED, reason: None, headers: object.headers.clone() };
    for name in
        [CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_RANGE, ACCEPT_RANGES]
    {
        head.headers.remove(name);
    }
    head
}

fn validators(object: &HeaderMap) -> Validators<'_> {
    Validators {
        etag: first(object, ETAG),
        last_modified: first(object, LAST_MODIFIED),
        date: first(object, DATE),
    }
}

/// The lines of a header that are UTF-8; entity tags may have characters beyond ASCII (RFC 9110 §8.8.3, `obs-text`).
fn lines(headers: &HeaderMap, name: impl AsHeaderName) -> Vec<&str> {
    headers
        .get_all(name)
        .iter()
        .map(|line| std::str::from_utf8(line.as_bytes()).unwrap_or_default())
        .collect()
}

fn first(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok()
}
