//! What of an object a viewer gets: all, parts, or a statement about it.

use std::ops::Range;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderValue, RANGE};
use http::{Method, StatusCode};
use keyfront_domain::caching::byte_ranges::{self, ByteRanges};
use keyfront_domain::caching::conditions::Precondition;

use super::conditional;
use super::multipart::{Multipart, content_range};
use crate::message::{RequestHead, ResponseHead};

/// What a viewer gets of an object. Heads are complete but for the marks of the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The object, with its own head.
    Whole,
    /// The viewer has it: 304, no body.
    NotModified(ResponseHead),
    /// These bytes of it: 206.
    Part(ResponseHead, Range<u64>),
    /// Several parts of it: 206.
    Parts(ResponseHead, Multipart),
    /// It is not in the state that the viewer wants: 412, an error page.
    PreconditionFailed,
    /// None of the ranges is within it: 416, no body.
    Unsatisfiable(ResponseHead),
}

/// Selects from an object by a request's conditions and ranges (RFC 9110 §13.2.2).
///
/// `length` is the object's, in bytes, as it is sent, so compressed if it is compressed; without it there are no parts,
/// as CloudFront has none of a chunked answer. Answers other than 200 are sent whole, and only GET has ranges.
pub fn select(request: &RequestHead, object: &ResponseHead, length: Option<u64>) -> Selection {
    // The origin judged the conditions of a request that changes something: what it did is done.
    let reads = request.method == Method::GET || request.method == Method::HEAD;
    if object.status != StatusCode::OK || !reads {
        return Selection::Whole;
    }
    match conditional::evaluate(&request.method, &request.headers, &object.headers) {
        Precondition::Proceed => {}
        Precondition::NotModified => return Selection::NotModified(conditional::not_modified(object)),
        Precondition::Failed => return Selection::PreconditionFailed,
    }
    let range = request.headers.get(RANGE).and_then(|value| value.to_str().ok());
    let (Some(range), Some(length), &Method::GET) = (range, length, &request.method) else {
        return Selection::Whole;
    };
    if !conditional::range_is_allowed(&request.headers, &object.headers) {
        return Selection::Whole;
    }
    match byte_ranges::select(range, length) {
        ByteRanges::Whole => Selection::Whole,
        ByteRanges::Unsatisfiable => Selection::Unsatisfiable(unsatisfiable(object, length)),
        ByteRanges::Parts(parts) => match <[Range<u64>; 1]>::try_from(parts) {
            Ok([part]) => Selection::Part(partial(object, &part, length), part),
            Err(parts) => several(object, parts, length),
        },
    }
}

fn partial(object: &ResponseHead, part: &Range<u64>, length: u64) -> ResponseHead {
    let mut head = of(StatusCode::PARTIAL_CONTENT, object);
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end.saturating_sub(part.start)));
    set_content_range(&mut head, content_range(part, length));
    head
}

fn several(object: &ResponseHead, parts: Vec<Range<u64>>, length: u64) -> Selection {
    // CloudFront's own form, as captured. The colon wants quotes by RFC 2046, but clients that read CloudFront's answers
    // cut at `boundary=` and would take quotes for a part of it.
    let boundary = format!("CloudFront:{:032X}", fastrand::u128(..));
    let multipart = Multipart::new(parts, object.text(CONTENT_TYPE), length, &boundary);
    let mut head = of(StatusCode::PARTIAL_CONTENT, object);
    head.headers.remove(CONTENT_RANGE);
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(multipart.length));
    if let Ok(value) = HeaderValue::try_from(format!("multipart/byteranges; boundary={boundary}")) {
        head.headers.insert(CONTENT_TYPE, value);
    }
    Selection::Parts(head, multipart)
}

/// RFC 9110 §15.5.17. Validators and freshness are the object's and would be taken for the error's, so they are left out.
fn unsatisfiable(object: &ResponseHead, length: u64) -> ResponseHead {
    use http::header::{ACCEPT_RANGES, DATE, SERVER, VARY};
    let mut head = ResponseHead::of(StatusCode::RANGE_NOT_SATISFIABLE);
    for name in [DATE, SERVER, VARY, ACCEPT_RANGES] {
        head.headers.extend(object.headers.get(&name).cloned().map(|value| (name, value)));
    }
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
    set_content_range(&mut head, format!("bytes */{length}"));
    head
}

fn of(status: StatusCode, object: &ResponseHead) -> ResponseHead {
    ResponseHead { status, reason: None, headers: object.headers.clone() }
}

fn set_content_range(head: &mut ResponseHead, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        head.headers.insert(CONTENT_RANGE, value);
    }
}

#[cfg(test)]
mod tests;
