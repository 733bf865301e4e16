//! Headers of Cross-Origin Resource Sharing.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use crate::Counted;

/// `ResponseHeadersPolicyCorsConfig`, by the model's names. The model knows the methods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CorsConfig {
    /// Origins that may read responses.
    pub access_control_allow_origins: Counted<String>,
    /// Headers that their requests may have.
    pub access_control_allow_headers: Counted<String>,
    /// Whether their requests may have credentials.
    #[serde(default)]
    pub access_control_allow_credentials: bool,
    /// Methods that their requests may have.
    pub access_control_allow_methods: Counted<String>,
    /// Headers of responses that they may read.
    pub access_control_expose_headers: Option<Counted<String>>,
    /// How long a browser may keep this, in seconds.
    pub access_control_max_age_sec: Option<i64>,
    /// Whether these headers replace those of the origin.
    #[serde(default)]
    pub origin_override: bool,
}

impl CorsConfig {
    pub(super) fn check(&self) -> Result<(), ServiceError> {
        let some = |member: &'static str, list: &Counted<String>| {
            list.check()?;
            if list.items.is_empty() { Err(ServiceError::required(member)) } else { named(member, list) }
        };
        some("AccessControlAllowOrigins", &self.access_control_allow_origins)?;
        let origins = &self.access_control_allow_origins.items;
        if let Some(origin) = origins.iter().find(|origin| !is_origin(origin)) {
            return Err(not_allowed("AccessControlAllowOrigins", origin));
        }
        some("AccessControlAllowHeaders", &self.access_control_allow_headers)?;
        some("AccessControlAllowMethods", &self.access_control_allow_methods)?;
        if let Some(exposed) = &self.access_control_expose_headers {
            exposed.check()?;
            named("AccessControlExposeHeaders", exposed)?;
        }
        match self.access_control_max_age_sec {
            Some(seconds) if seconds < 0 => Err(ServiceError::invalid("AccessControlMaxAgeSec")),
            Some(_) | None => Ok(()),
        }
    }
}

fn named(member: &str, list: &Counted<String>) -> Result<(), ServiceError> {
    if list.items.iter().any(String::is_empty) { Err(ServiceError::invalid(member)) } else { Ok(()) }
}

pub(super) fn not_allowed(member: &str, item: &str) -> ServiceError {
    let text = format!("The parameter {member} contains {item} that is not allowed.");
    ServiceError::with(Code::InvalidArgument, text)
}

/// Whether an origin has a wildcard only where it may: alone, as the leftmost label of its domain, or for every port
/// (AWS: Understand response headers policies).
fn is_origin(origin: &str) -> bool {
    let domain = origin.split_once("://").map_or(origin, |(_scheme, domain)| domain);
    let rest = domain.strip_prefix('*').unwrap_or(domain);
    let leftmost = rest.len() == domain.len() || rest.is_empty() || rest.starts_with(['.', ':']);
    leftmost && !rest.trim_end_matches(":*").contains('*')
}
