//! Requests that come back to the edge that sent them (RFC 8586).
//!
//! A distribution may have another one as its origin, and both may be here, so that a request may pass a few times. One
//! that passes more often leads in a circle. AWS does not say what its limit is.

use http::header::{HeaderMap, HeaderName};

pub(super) const CDN_LOOP: HeaderName = HeaderName::from_static("cdn-loop");

/// What the edge calls itself.
pub(super) const ID: &str = "keyfront";

/// How often a request may have passed an edge of Keyfront before.
pub const MAX_PASSES: usize = 5;

/// Whether a request passed so often that it leads in a circle.
pub fn is_loop(headers: &HeaderMap) -> bool {
    let elements =
        headers.get_all(CDN_LOOP).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let ids = elements.filter_map(|element| element.split(|byte| *byte == b';').next());
    ids.filter(|id| id.trim_ascii().eq_ignore_ascii_case(ID.as_bytes())).count() > MAX_PASSES
}
