//! The rules of a cache behavior.

use super::{AcceptEncoding, CloudFrontHeader, Selection};
use crate::caching::freshness::Ttls;

/// What of a viewer's request is in the cache key and what reaches the origin, by the settings of a cache behavior.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardingRules {
    /// What is in the cache key. Headers are [`Selection::None`] or [`Selection::Only`].
    pub key: Selected,
    /// What reaches the origin: all that is in the cache key, and perhaps more.
    pub forward: Selected,
    /// What happens to a header that is not selected.
    pub defaults: Defaults,
    /// Which encodings are in the cache key, and may be made by compression.
    pub accept_encoding: AcceptEncoding,
    /// CloudFront's own headers that a policy names, each once. They are added before functions run.
    pub cloudfront_headers: Vec<CloudFrontHeader>,
    /// How long objects stay; all 0 where `ForwardedValues` forward all headers.
    pub ttls: Ttls,
    /// Whether answers are kept and requests for the same object wait for each other: not where all TTLs are 0.
    pub caches: bool,
}

/// A selection of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selected {
    /// Headers, in small letters.
    pub headers: Selection,
    /// Cookies.
    pub cookies: Selection,
    /// Query strings.
    pub query_strings: Selection,
}

/// What happens to a header that is not selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defaults {
    /// It is left out (AWS: Control origin requests with a policy).
    Policies,
    /// It is forwarded, with some exceptions: "With legacy cache settings, CloudFront forwards the headers to your origin
    /// by default".
    Legacy,
}

/// The TTLs of a document. What is negative was refused before, and reads as 0.
pub(super) fn ttls(min: i64, default: i64, max: i64) -> Ttls {
    let seconds = |ttl: i64| u64::try_from(ttl).unwrap_or_default();
    Ttls { min_s: seconds(min), default_s: seconds(default), max_s: seconds(max) }
}

impl ForwardingRules {
    /// Whether any cookie reaches the origin. Then requests are not collapsed, conditional requests are not supported,
    /// and `Set-Cookie` reaches viewers (AWS: Cache content based on cookies).
    pub fn forwards_cookies(&self) -> bool {
        self.forward.cookies != Selection::None
    }
}
