//! Asking whether a stale object has changed (RFC 9111 §4.3), and what its new head is if not (§3.2).

use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, TRANSFER_ENCODING,
    VARY,
};
use http::{HeaderName, HeaderValue};

use super::wanted::Validators;
use crate::message::ResponseHead;

/// Headers that a 304 does not change: they describe the body as it is kept, which the edge may have compressed.
const OF_THE_BODY: [&HeaderName; 5] =
    [&CONTENT_ENCODING, &CONTENT_LENGTH, &CONTENT_RANGE, &CONTENT_TYPE, &TRANSFER_ENCODING];

/// What to ask the origin with, by the headers of an object. `None` if they have nothing to ask with.
pub(super) fn validators(of: impl Fn(&HeaderName) -> Option<HeaderValue>) -> Option<Validators> {
    let validators = Validators { etag: of(&ETAG), last_modified: of(&LAST_MODIFIED) };
    (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
}

/// Whether a 304 is about the object that was asked for: one with another entity tag is about another (RFC 9111 §4.3.4).
pub(super) fn confirms(asked: &Validators, answer: &ResponseHead) -> bool {
    match (&asked.etag, answer.headers.get(&ETAG)) {
        (Some(asked), Some(answered)) => opaque(asked) == opaque(answered),
        _ => true,
    }
}

/// The head of an object after a 304.
pub(super) fn merged(stored: ResponseHead, answer: &ResponseHead) -> ResponseHead {
    let encoded = stored.headers.contains_key(CONTENT_ENCODING);
    let has_etag = stored.headers.contains_key(ETAG);
    let mut merged = stored;
    for name in answer.headers.keys() {
        let same_etag = *name == ETAG && has_etag;
        // What the edge added when it compressed the body is not known to the origin.
        if OF_THE_BODY.contains(&name) || same_etag || (encoded && *name == VARY) {
            continue;
        }
        merged.headers.remove(name);
        for value in answer.headers.get_all(name) {
            merged.headers.append(name, value.clone());
        }
    }
    merged
}

/// An entity tag without its weakness (RFC 9110 §8.8.3.2).
fn opaque(etag: &HeaderValue) -> &[u8] {
    let etag = etag.as_bytes().trim_ascii();
    etag.strip_prefix(b"W/").unwrap_or(etag)
}
