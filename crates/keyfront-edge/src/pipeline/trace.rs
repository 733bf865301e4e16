//! What was decided about a request, for people. A viewer of an edge for development asks with a header, and the header
//! goes no further: `x-keyfront-trace: 1` for a header beside the answer, `x-keyfront-explain: 1` for the decisions alone,
//! for which neither the cache nor an origin is asked.
//!
//! In the place of `1` the second header may say what the request stands for, where it cannot be that itself: `https` for a
//! viewer over HTTPS, `HEAD` for a method whose answer has no body to tell anything in.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
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

/// What a viewer who asks for decisions wants to be taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TakenFor {
    /// One that came over HTTPS.
    pub(super) secure: bool,
    /// One that asks with another method.
    pub(super) method: Option<Method>,
}

impl TakenFor {
    /// Reads what stands in the place of `1`.
    fn of(value: &HeaderValue) -> Option<TakenFor> {
        let mut taken = TakenFor::default();
        for word in value.to_str().ok()?.split_ascii_whitespace() {
            match word {
                "1" => {}
                "https" => taken.secure = true,
                "HEAD" => taken.method = Some(Method::HEAD),
                _other => return None,
            }
        }
        Some(taken)
    }
}

impl Wish {
    /// Takes the wish out of the headers of a request, and what the viewer wants to be taken for.
    pub(super) fn take(headers: &mut HeaderMap) -> (Wish, TakenFor) {
        let trace = headers.remove(TRACE).is_some_and(|value| value.as_bytes() == b"1");
        match headers.remove(EXPLAIN).as_ref().and_then(TakenFor::of) {
            Some(taken) => (Wish::Explain, taken),
            None if trace => (Wish::Trace, TakenFor::default()),
            None => (Wish::Nothing, TakenFor::default()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_is_asked_for() {
        let taken = |secure, method| TakenFor { secure, method };
        for (trace, explain, wish, for_) in [
            ("1", "", Wish::Trace, taken(false, None)),
            ("", "1", Wish::Explain, taken(false, None)),
            ("1", "1", Wish::Explain, taken(false, None)),
            ("", "https", Wish::Explain, taken(true, None)),
            ("", "https HEAD", Wish::Explain, taken(true, Some(Method::HEAD))),
            ("", "HEAD", Wish::Explain, taken(false, Some(Method::HEAD))),
            ("0", "", Wish::Nothing, taken(false, None)),
            ("", "https DELETE", Wish::Nothing, taken(false, None)),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(TRACE, trace), (EXPLAIN, explain)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(Wish::take(&mut headers), (wish, for_), "{trace:?} {explain:?}");
            assert!(headers.is_empty());
        }
    }
}
