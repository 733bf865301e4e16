//! What a lookup is asked and answers.

use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;
use keyfront_domain::caching::freshness::Ttls;

use crate::body::ObjectBody;
use crate::key::CacheKey;
use crate::message::ResponseHead;
use crate::origin::{AnswerTimes, OriginAnswer, OriginFailure};

/// How a behavior caches: the same for all its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachingRules {
    /// Its TTLs. With [`Ttls::DISABLED`] each request goes to the origin on its own, and nothing is kept.
    pub ttls: Ttls,
    /// How long errors are kept at least.
    pub error_ttls: ErrorTtls,
    /// Requests for an object that is being fetched wait for it. Off where cookies are forwarded (AWS: "Simultaneous
    /// requests for the same object").
    pub collapse: bool,
    /// The origin is asked whether a stale object has changed. Off where cookies are forwarded (AWS: "Conditional
    /// requests").
    pub revalidate: bool,
}

/// Error caching minimum TTLs by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorTtls {
    by_status: Vec<(u16, u64)>,
}

/// Seconds for a status that no custom error response names (AWS: "Control how long CloudFront caches errors").
const DEFAULT_ERROR_TTL_S: u64 = 10;

impl ErrorTtls {
    /// Pairs of a status and its seconds.
    pub fn new(by_status: impl IntoIterator<Item = (u16, u64)>) -> ErrorTtls {
        ErrorTtls { by_status: by_status.into_iter().collect() }
    }

    /// Seconds for a status.
    pub fn of(&self, status: u16) -> u64 {
        let named = self.by_status.iter().find(|(named, _)| *named == status);
        named.map_or(DEFAULT_ERROR_TTL_S, |(_, seconds)| *seconds)
    }
}

/// What one request wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The object.
    pub key: CacheKey,
    /// How it may be kept.
    pub rules: Arc<CachingRules>,
    /// Whose invalidations count: the id of the distribution, and of the tenant if there is one.
    pub scopes: Arc<[Arc<str>]>,
    /// The method is HEAD: no body is needed.
    pub is_head: bool,
}

/// A future that may go to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How an object is got from its origin.
pub trait Fetch: Send + Sync + 'static {
    /// Asks the origin with the method of the request; with validators only whether what they name has changed.
    fn fetch(
        &self,
        validators: Option<Validators>,
    ) -> BoxFuture<'static, Result<OriginAnswer, OriginFailure>>;

    /// What invalidations call the object: path and query string, as far as the latter is in the cache key, as the viewer
    /// sent them, and as a function rewrote them if one did.
    fn targets(&self) -> Vec<String>;
}

/// What identifies the version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    /// For `If-None-Match`.
    pub etag: Option<HeaderValue>,
    /// For `If-Modified-Since`.
    pub last_modified: Option<HeaderValue>,
}

/// Where an answer comes from. Of one with status 400 or more, CloudFront says `Error` whatever this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The cache, or the same fetch that another request began. Stale objects that may be used count too.
    Hit,
    /// The cache, after the origin said that the object has not changed.
    RefreshHit,
    /// The origin.
    Miss,
}

/// An answer.
pub struct Served {
    /// The origin's head, without `Age`.
    pub head: ResponseHead,
    /// The body; nothing for HEAD, but with the length of the object if that is known.
    pub body: ObjectBody,
    /// Where it comes from.
    pub verdict: Verdict,
    /// `Age` in seconds: always if it comes from the cache, otherwise if the origin said one.
    pub age_s: Option<u64>,
    /// The origin that answered.
    pub origin_id: Arc<str>,
    /// It is older than it may be, and served because the origin failed or is being asked.
    pub is_stale: bool,
    /// How long the origin took, where it was asked for this request.
    pub times: Option<AnswerTimes>,
}
