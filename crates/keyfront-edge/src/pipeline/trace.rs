//! What was decided about a request, for people. A viewer of an edge for development asks with a header, and the header
//! goes no further: `x-keyfront-trace: 1` for a header beside the answer, `x-keyfront-explain: 1` for the decisions alone,
//! for which neither the cache nor an origin is asked.

use http::{HeaderMap, HeaderName};
use serde::Serialize;

/// Asks for the decisions beside the answer, and has them there.
pub(super) const TRACE: HeaderName = HeaderName::from_static("x-keyfront-trace");

/// Asks for the decisions alone.
const EXPLAIN: HeaderName = HeaderName::from_static("x-keyfront-explain");

/// Which decisions a viewer asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wish {
    /// None.
    #[default]
    Nothing,
    /// Those about the answer.
    Trace,
    /// Those before an origin would be asked.
    Explain,
}

impl Wish {
    /// Takes the wish out of the headers of a request.
    pub(super) fn take(headers: &mut HeaderMap) -> Wish {
        let is_asked = |value: Option<http::HeaderValue>| value.is_some_and(|value| value.as_bytes() == b"1");
        let (trace, explain) = (is_asked(headers.remove(TRACE)), is_asked(headers.remove(EXPLAIN)));
        match (trace, explain) {
            (_, true) => Wish::Explain,
            (true, false) => Wish::Trace,
            (false, false) => Wish::Nothing,
        }
    }
}

/// What was decided about a request, in the order of the steps. What was not reached is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Trace {
    /// The id of the distribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// The id of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The path pattern of the cache behavior; `*` for the default one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// Which key signed the request, or why it was denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// What the viewer-request function did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer_request: Option<String>,
    /// The method, the path and the query string that go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The cache key; none where the cache is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_key: Option<String>,
    /// What came of the cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// The id of the origin that answered, or of the first that would be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// What the origin is asked: a line of the request, then its headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origin_request: Vec<String>,
    /// Why no origin answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_failure: Option<String>,
    /// The custom error page that the viewer gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_page: Option<String>,
    /// What the viewer-response function did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer_response: Option<String>,
    /// Why the viewer was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Lines of the functions' `console.log`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<String>,
}
