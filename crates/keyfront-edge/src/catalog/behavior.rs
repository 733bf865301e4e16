//! Cache behaviors, compiled.

use std::sync::Arc;

use http::Method;
use keyfront_domain::arn::FunctionArn;
use keyfront_domain::field_level_encryption::FieldLevelEncryptionConfig;
use keyfront_domain::field_level_encryption::form::SecretFields;
use keyfront_domain::forwarding::ForwardingRules;
use keyfront_domain::routing::PathPattern;

use crate::access::Trusted;
use crate::answer::HeadersPolicy;
use crate::cache::CachingRules;
use crate::forward::ForwardPlan;
use crate::key::KeyPlan;
use crate::record::RealtimeLog;

/// A cache behavior.
pub(crate) struct Behavior {
    /// The pattern of the paths that it is for, as it was sent; `*` for the default one.
    pub(crate) pattern: Arc<str>,
    /// The same, ready to match; `None` for the default one.
    pub(crate) path_pattern: Option<PathPattern>,
    /// The origin or the group of origins.
    pub(crate) target_origin_id: String,
    /// Whether viewers may come over HTTP.
    pub(crate) viewer_protocol: ViewerProtocol,
    /// The methods that are allowed.
    pub(crate) methods: Vec<Method>,
    /// Whether responses to OPTIONS are cached, as those to GET and HEAD always are.
    pub(crate) caches_options: bool,
    /// Whether responses are compressed.
    pub(crate) compress: bool,
    /// What of a request is in the cache key and reaches the origin, and how long objects stay.
    pub(crate) forwarding: ForwardingRules,
    /// The same, ready to write requests for origins.
    pub(crate) forward: ForwardPlan,
    /// The same, ready to make cache keys.
    pub(crate) key: KeyPlan,
    /// How long objects stay, and what else the cache has to know.
    pub(crate) caching: Arc<CachingRules>,
    /// What headers viewers get.
    pub(crate) headers_policy: Option<HeadersPolicy>,
    /// Whose signatures viewers need.
    pub(crate) trusted: Trusted,
    /// The function that runs before the cache is asked.
    pub(crate) viewer_request: Option<FunctionArn>,
    /// The function that runs before the viewer gets the response.
    pub(crate) viewer_response: Option<FunctionArn>,
    /// The first function of Lambda@Edge, which is not run here.
    pub(crate) lambda: Option<String>,
    /// Which fields of forms are encrypted.
    pub(crate) field_level_encryption: Option<FieldLevelEncryption>,
    /// Whether gRPC passes.
    pub(crate) grpc: bool,
    /// Where requests are logged at once.
    pub(crate) realtime_log: Option<Arc<RealtimeLog>>,
}

/// Whether viewers may come over HTTP (`ViewerProtocolPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewerProtocol {
    /// They may.
    AllowAll,
    /// They are sent on to HTTPS.
    RedirectToHttps,
    /// They are refused.
    HttpsOnly,
}

impl ViewerProtocol {
    /// Reads the policy; `None` for what is not one.
    pub(crate) fn of(policy: &str) -> Option<ViewerProtocol> {
        match policy {
            "allow-all" => Some(ViewerProtocol::AllowAll),
            "redirect-to-https" => Some(ViewerProtocol::RedirectToHttps),
            "https-only" => Some(ViewerProtocol::HttpsOnly),
            _other => None,
        }
    }
}

/// Field-level encryption: which profile a request gets, and what the profiles encrypt.
pub(crate) struct FieldLevelEncryption {
    /// Which profile a request gets.
    pub(crate) config: FieldLevelEncryptionConfig,
    /// Profiles by id. One that cannot be used is not there, and requests that need it fail.
    pub(crate) profiles: Vec<(String, Arc<SecretFields>)>,
}

impl Behavior {
    /// Whether it is for a path in its normal form.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.path_pattern.as_ref().is_none_or(|pattern| pattern.matches(path))
    }

    /// Whether responses to a method may come from the cache.
    pub(crate) fn caches(&self, method: &Method) -> bool {
        *method == Method::GET
            || *method == Method::HEAD
            || (*method == Method::OPTIONS && self.caches_options)
    }
}
