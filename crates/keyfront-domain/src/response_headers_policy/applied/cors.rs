//! Headers of Cross-Origin Resource Sharing in a response.

use std::borrow::Cow;

use super::super::CorsConfig;
use super::Edit;
use super::allowed_origin::{AllowedOrigin, matches};
use crate::Counted;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";
const ALLOW_METHODS: &str = "access-control-allow-methods";
const ALLOW_HEADERS: &str = "access-control-allow-headers";
const EXPOSE_HEADERS: &str = "access-control-expose-headers";
const MAX_AGE: &str = "access-control-max-age";

/// The methods that `ALL` stands for, in the order of the guide.
const ALL_METHODS: &str = "GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT";

/// The CORS section of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedCors {
    origins: Vec<AllowedOrigin>,
    credentials: bool,
    methods: Option<String>,
    /// In lower case.
    headers: Vec<String>,
    exposed: Option<String>,
    max_age: Option<String>,
    overrides: bool,
}

/// What the headers depend on: the request as the viewer sent it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CorsRequest<'a> {
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// The method is OPTIONS.
    pub options: bool,
    /// `Access-Control-Request-Method`.
    pub requested_method: Option<&'a str>,
    /// `Access-Control-Request-Headers`.
    pub requested_headers: Option<&'a str>,
}

impl CorsRequest<'_> {
    /// Whether it asks if another request may be made (Fetch standard: CORS-preflight request).
    fn is_preflight(&self) -> bool {
        self.options && self.requested_method.is_some()
    }
}

impl AppliedCors {
    /// The headers with which an origin takes a decision of its own about CORS.
    pub const HEADERS: [&'static str; 6] =
        [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE];

    pub(super) fn new(config: &CorsConfig) -> AppliedCors {
        let methods = &config.access_control_allow_methods.items;
        let all = methods.iter().any(|method| method == "ALL");
        let headers = config.access_control_allow_headers.items.iter();
        AppliedCors {
            origins: config
                .access_control_allow_origins
                .items
                .iter()
                .map(|item| AllowedOrigin::new(item))
                .collect(),
            credentials: config.access_control_allow_credentials,
            methods: if all { Some(ALL_METHODS.to_owned()) } else { joined(methods) },
            headers: headers.map(|name| name.to_ascii_lowercase()).collect(),
            exposed: config
                .access_control_expose_headers
                .as_ref()
                .and_then(|list: &Counted<String>| joined(&list.items)),
            max_age: config.access_control_max_age_sec.map(|seconds| seconds.to_string()),
            overrides: config.origin_override,
        }
    }

    /// What changes in a response. `from_origin` says that the origin sent one of [`HEADERS`](Self::HEADERS), and the
    /// policy does not remove it.
    ///
    /// Without override the origin's decision stands, whole. With override an origin that the policy does not allow
    /// gets no permission from the origin server either. A viewer that comes from elsewhere without `Origin` is told
    /// that the answer depends on it, so that a browser does not keep it for a page of another origin (seen on
    /// CloudFront).
    pub fn edits<'a>(&'a self, request: &CorsRequest<'a>, from_origin: bool) -> Vec<Edit<'a>> {
        if from_origin && !self.overrides {
            return Vec::new();
        }
        let Some(origin) = request.origin else { return vec![Edit::Vary("Origin")] };
        let any = self.origins.iter().any(AllowedOrigin::is_any);
        if !any && !self.origins.iter().any(|allowed| allowed.allows(origin)) {
            return self.refusal();
        }
        // A browser does not take the wildcard for requests with credentials (Fetch standard, "CORS check").
        let wildcard = any && !self.credentials;
        let mut edits = vec![Edit::Set(ALLOW_ORIGIN, Cow::Borrowed(if wildcard { "*" } else { origin }))];
        if !wildcard {
            edits.push(Edit::Vary("Origin"));
        }
        if self.credentials {
            edits.push(Edit::Set(ALLOW_CREDENTIALS, Cow::Borrowed("true")));
        } else if self.overrides {
            edits.push(Edit::Remove(ALLOW_CREDENTIALS));
        }
        let mut add =
            |name, value: Option<Cow<'a, str>>| edits.extend(value.map(|value| Edit::Set(name, value)));
        if request.is_preflight() {
            add(ALLOW_METHODS, self.methods.as_deref().map(Cow::Borrowed));
            add(ALLOW_HEADERS, self.allowed_headers(request.requested_headers));
            add(MAX_AGE, self.max_age.as_deref().map(Cow::Borrowed));
        }
        add(EXPOSE_HEADERS, self.exposed.as_deref().map(Cow::Borrowed));
        edits
    }

    fn refusal(&self) -> Vec<Edit<'_>> {
        let mut edits = vec![Edit::Vary("Origin")];
        if self.overrides {
            edits.extend([Edit::Remove(ALLOW_ORIGIN), Edit::Remove(ALLOW_CREDENTIALS)]);
        }
        edits
    }

    /// The value of `Access-Control-Allow-Headers`. Browsers know the wildcard alone, and not with credentials; in place
    /// of other wildcards the requested names stand that they match.
    fn allowed_headers(&self, requested: Option<&str>) -> Option<Cow<'_, str>> {
        if !self.credentials && self.headers == ["*"] {
            return Some(Cow::Borrowed("*"));
        }
        let (patterns, names): (Vec<&str>, Vec<&str>) =
            self.headers.iter().map(String::as_str).partition(|name| name.contains('*'));
        let requested = requested.unwrap_or_default().to_ascii_lowercase();
        let matched = requested.split(',').map(str::trim).filter(|name| {
            // AWS: "The Authorization header can't use a wildcard and must be listed explicitly."
            let listed = names.contains(name) || *name == "authorization" || name.is_empty();
            !listed && patterns.iter().any(|pattern| matches(pattern, name))
        });
        let allowed: Vec<&str> = names.iter().copied().chain(matched).collect();
        (!allowed.is_empty()).then(|| Cow::Owned(allowed.join(", ")))
    }
}

fn joined(items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| items.join(", "))
}
