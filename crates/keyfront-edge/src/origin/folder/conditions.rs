//! Conditions and ranges of requests to a bucket (RFC 9110 sections 13 and 14; AWS: GetObject).

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{self, HeaderName};

use super::object::Object;

/// A piece of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// What the headers of a request ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Whole,
    Part(Part),
    NotModified,
    Failed,
    Unsatisfiable,
}

/// Judges the conditions in the order of RFC 9110 section 13.2.2, then the range.
pub(super) fn judge(headers: &HeaderMap, object: &Object) -> Condition {
    if let Some(tags) = text(headers, header::IF_MATCH) {
        if !lists(tags, &object.etag) {
            return Condition::Failed;
        }
    } else if date(headers, header::IF_UNMODIFIED_SINCE).is_some_and(|since| object.modified > since) {
        return Condition::Failed;
    }
    if let Some(tags) = text(headers, header::IF_NONE_MATCH) {
        if lists(tags, &object.etag) {
            return Condition::NotModified;
        }
    } else if date(headers, header::IF_MODIFIED_SINCE).is_some_and(|since| object.modified <= since) {
        return Condition::NotModified;
    }
    match text(headers, header::RANGE) {
        Some(range) if applies(headers, object) => part(range, object.length),
        Some(_) | None => Condition::Whole,
    }
}

/// A range applies to the version of the object that `If-Range` names.
fn applies(headers: &HeaderMap, object: &Object) -> bool {
    match text(headers, header::IF_RANGE) {
        None => true,
        Some(tag) if tag.starts_with('"') => tag == object.etag,
        Some(_) => date(headers, header::IF_RANGE).is_some_and(|since| object.modified == since),
    }
}

/// S3 gives one range alone; what it does not understand, it ignores.
fn part(range: &str, length: u64) -> Condition {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'))
    else {
        return Condition::Whole;
    };
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => (first, length),
        (Err(_), Ok(last)) if first.is_empty() && last > 0 => (length.saturating_sub(last), length),
        (Err(_), Ok(0)) if first.is_empty() => return Condition::Unsatisfiable,
        _ => return Condition::Whole,
    };
    if start >= length {
        return Condition::Unsatisfiable;
    }
    Condition::Part(Part { start, length: end.min(length) - start })
}

/// Whether a list of tags has a tag; weak ones are as good, because a tag here stands for one content.
fn lists(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, name)?).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::super::object::Content;
    use super::*;

    const BEFORE: &str = "Thu, 01 Jan 1970 00:16:39 GMT";
    const AT: &str = "Thu, 01 Jan 1970 00:16:40 GMT";

    fn object() -> Object {
        Object {
            length: 10,
            modified: SystemTime::UNIX_EPOCH + Duration::from_secs(1000),
            etag: "\"a\"".to_owned(),
            content_type: "text/plain",
            content: Content::Small(Bytes::from_static(b"0123456789")),
        }
    }

    fn of(headers: &[(&'static str, &str)]) -> Condition {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        judge(&pairs.collect(), &object())
    }

    #[test]
    fn conditions_are_judged_in_their_order() {
        // RFC 9110 section 13.2.2.
        for (headers, expected) in [
            (&[("if-match", "\"a\"")][..], Condition::Whole),
            (&[("if-match", "*")], Condition::Whole),
            (&[("if-match", "\"b\"")], Condition::Failed),
            (&[("if-unmodified-since", AT)], Condition::Whole),
            (&[("if-unmodified-since", BEFORE)], Condition::Failed),
            (&[("if-match", "\"a\""), ("if-unmodified-since", BEFORE)], Condition::Whole),
            (&[("if-none-match", "\"b\", W/\"a\"")], Condition::NotModified),
            (&[("if-none-match", "\"b\"")], Condition::Whole),
            (&[("if-modified-since", AT)], Condition::NotModified),
            (&[("if-modified-since", BEFORE)], Condition::Whole),
            (&[("if-none-match", "\"b\""), ("if-modified-since", AT)], Condition::Whole),
            (&[("if-modified-since", "yesterday")], Condition::Whole),
        ] {
            assert_eq!(of(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn one_range_is_given_and_others_are_ignored() {
        let part = |start, length| Condition::Part(Part { start, length });
        for (range, expected) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-4", part(2, 3)),
            ("bytes=8-", part(8, 2)),
            ("bytes=8-99", part(8, 2)),
            ("bytes=-3", part(7, 3)),
            ("bytes=-99", part(0, 10)),
            ("bytes=10-", Condition::Unsatisfiable),
            ("bytes=-0", Condition::Unsatisfiable),
            ("bytes=4-2", Condition::Whole),
            ("bytes=0-1,3-4", Condition::Whole),
            ("lines=0-1", Condition::Whole),
            ("bytes=a-b", Condition::Whole),
        ] {
            assert_eq!(of(&[("range", range)]), expected, "{range}");
        }
        for (if_range, expected) in
            [("\"a\"", part(0, 1)), ("\"b\"", Condition::Whole), (AT, part(0, 1)), (BEFORE, Condition::Whole)]
        {
            assert_eq!(of(&[("range", "bytes=0-0"), ("if-range", if_range)]), expected, "{if_range}");
        }
    }
}
