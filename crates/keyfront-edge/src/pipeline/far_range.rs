//! Parts that lie far ahead of what has come of an object: the origin is asked for them, for one viewer alone.
//!
//! A viewer that seeks in a film would otherwise wait until everything before has come. What it gets that way is not kept.

use std::ops::Range;

use http::header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::answer::{self, Selection};
use crate::cache::Served;
use crate::message::{RequestHead, ResponseHead};

/// How far ahead a part has to be: what comes in between is soon there, and the part is then one of an object.
const FAR: u64 = 4 * 1024 * 1024;

/// A part that is far ahead.
pub(super) struct FarRange {
    range: Range<u64>,
    /// Of the whole object.
    length: u64,
}

impl FarRange {
    /// The part that a viewer wants of an object, if it is one and far ahead.
    pub(super) fn of(request: &RequestHead, served: &Served) -> Option<FarRange> {
        let length = served.body.length()?;
        if !request.headers.contains_key(RANGE) || served.body.missing(length).is_none() {
            return None;
        }
        let Selection::Part(_, range) = answer::select(request, &served.head, Some(length)) else {
            return None;
        };
        (served.body.missing(range.start)? > FAR).then_some(FarRange { range, length })
    }

    /// What asks an origin for it, as a part of the same version of the object where that is known.
    pub(super) fn headers(&self, object: &ResponseHead) -> Option<HeaderMap> {
        let range = format!("bytes={}-{}", self.range.start, self.range.end.checked_sub(1)?);
        let mut headers = HeaderMap::from_iter([(RANGE, HeaderValue::try_from(range).ok()?)]);
        // Only a strong one says that the bytes are the same (RFC 9110, section 13.1.5).
        let strong = object.headers.get(ETAG).filter(|etag| !etag.as_bytes().starts_with(b"W/"));
        headers.extend(strong.map(|etag| (IF_RANGE, etag.clone())));
        Some(headers)
    }

    /// Whether an answer is this part of an object as long as this one.
    pub(super) fn is_answered_by(&self, head: &ResponseHead) -> bool {
        let last = self.range.end.saturating_sub(1);
        let expected = format!("bytes {}-{last}/{}", self.range.start, self.length);
        head.status == StatusCode::PARTIAL_CONTENT && head.text(CONTENT_RANGE) == Some(&*expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, headers: &[(&'static str, &str)]) -> ResponseHead {
        let mut head = ResponseHead::of(StatusCode::from_u16(status).unwrap());
        for (name, value) in headers {
            head.headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        head
    }

    #[test]
    fn an_origin_is_asked_for_the_same_version() {
        let far = FarRange { range: 100..200, length: 300 };
        for (object, if_range) in [
            (head(200, &[("etag", "\"a\"")]), Some("\"a\"")),
            (head(200, &[("etag", "W/\"a\"")]), None),
            (head(200, &[]), None),
        ] {
            let headers = far.headers(&object).unwrap();
            assert_eq!(headers[RANGE], "bytes=100-199");
            assert_eq!(headers.get(IF_RANGE).map(HeaderValue::as_bytes), if_range.map(str::as_bytes));
        }
    }

    #[test]
    fn only_the_part_itself_is_an_answer() {
        let far = FarRange { range: 100..200, length: 300 };
        for (status, range, expected) in [
            (206, "bytes 100-199/300", true),
            (200, "bytes 100-199/300", false),
            (206, "bytes 100-198/300", false),
            (206, "bytes 0-199/300", false),
            (206, "bytes 100-199/301", false),
            (206, "bytes 100-199/*", false),
            (206, "", false),
        ] {
            assert_eq!(
                far.is_answered_by(&head(status, &[("content-range", range)])),
                expected,
                "{status} {range}"
            );
        }
    }
}
