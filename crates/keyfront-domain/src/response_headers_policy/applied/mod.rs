//! A response headers policy as the edge applies it: prepared once, applied to every response of a behavior.
//!
//! Headers are removed first, then those of CORS are added, then the others, so that a header that a policy both removes
//! and adds is sent (AWS: Understand response headers policies). This module says what changes; the edge, which has the
//! headers, changes them.

mod allowed_origin;
mod cors;
mod security;
mod server_timing;

use std::borrow::Cow;

pub use allowed_origin::AllowedOrigin;
pub use cors::{AppliedCors, CorsRequest};
pub use server_timing::{CacheUse, ServerTiming, Upstream};

use super::{CustomHeader, ResponseHeadersPolicyConfig};

/// A policy that is ready to be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedPolicy {
    /// Names of headers of the origin that viewers do not get.
    pub removed: Vec<String>,
    /// Headers of CORS, which depend on the request.
    pub cors: Option<AppliedCors>,
    /// Headers that are the same in every response: those for security, then the customer's own.
    pub added: Vec<AddedHeader>,
    /// Per cent of responses that get `Server-Timing`; `None` where the policy has it not enabled.
    pub server_timing_rate: Option<f64>,
}

/// A header that a policy adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// It replaces the origin's; else it is added where the origin sent none.
    pub overrides: bool,
    /// It is for responses over HTTPS alone. Browsers ignore `Strict-Transport-Security` over HTTP (RFC 6797 §7.2), and
    /// CloudFront's redirects to HTTPS do not have it.
    pub secure: bool,
}

/// A change to the headers of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit<'a> {
    /// Removes all headers of this name.
    Remove(&'static str),
    /// Puts one header in place of all of this name.
    Set(&'static str, Cow<'a, str>),
    /// Names a header of requests in `Vary`, unless it is there.
    Vary(&'static str),
}

impl AppliedPolicy {
    /// Prepares a policy.
    pub fn new(config: &ResponseHeadersPolicyConfig) -> AppliedPolicy {
        let removed = config.remove_headers_config.iter().flat_map(|headers| &headers.items);
        let custom = config.custom_headers_config.iter().flat_map(|headers| &headers.items);
        let security = config.security_headers_config.iter().flat_map(security::headers);
        let timing = config.server_timing_headers_config.as_ref().filter(|timing| timing.enabled);
        AppliedPolicy {
            removed: removed.map(|removed| removed.header.clone()).collect(),
            cors: config.cors_config.as_ref().map(AppliedCors::new),
            added: security.chain(custom.map(AddedHeader::custom)).collect(),
            server_timing_rate: timing.map(|timing| timing.sampling_rate.unwrap_or_default()),
        }
    }

    /// Whether a response gets `Server-Timing`. A viewer with `Pragma: server-timing` always gets it where the policy
    /// has it enabled; for others `draw`, a random number from 0 up to but not including 100, decides.
    pub fn times(&self, pragma: Option<&str>, draw: f64) -> bool {
        let asked = || {
            let mut directives = pragma.unwrap_or_default().split(',');
            directives.any(|directive| directive.trim().eq_ignore_ascii_case("server-timing"))
        };
        self.server_timing_rate.is_some_and(|rate| draw < rate || asked())
    }
}

impl AddedHeader {
    fn custom(header: &CustomHeader) -> AddedHeader {
        AddedHeader {
            name: header.header.clone(),
            value: header.value.clone(),
            overrides: header.overrides,
            secure: false,
        }
    }
}

#[cfg(test)]
mod tests;
