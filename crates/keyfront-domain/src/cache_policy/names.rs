//! The lists of names in a cache policy.

use keyfront_error::{Code, ServiceError};

use crate::Counted;
use crate::counted::more_than;

/// Most characters of all names of a list together (AWS: Quotas on policies).
const MAX_CHARACTERS: usize = 1024;

pub(super) const TOO_MANY_HEADERS: ServiceError = ServiceError::new(
    Code::TooManyHeadersInCachePolicy,
    "The number of headers in the cache policy exceeds the maximum. For more information, see Quotas (formerly known \
     as limits) in the Amazon CloudFront Developer Guide.",
);

pub(super) const TOO_MANY_COOKIES: ServiceError = ServiceError::new(
    Code::TooManyCookiesInCachePolicy,
    "The number of cookies in the cache policy exceeds the maximum. For more information, see Quotas (formerly known \
     as limits) in the Amazon CloudFront Developer Guide.",
);

pub(super) const TOO_MANY_QUERY_STRINGS: ServiceError = ServiceError::new(
    Code::TooManyQueryStringsInCachePolicy,
    "The number of query strings in the cache policy exceeds the maximum. For more information, see Quotas (formerly \
     known as limits) in the Amazon CloudFront Developer Guide.",
);

/// One list and what it is checked by.
pub(super) struct Names<'c> {
    /// The member that holds it.
    pub(super) member: &'static str,
    /// What the policy does with the names.
    pub(super) behavior: &'c str,
    pub(super) listed: Option<&'c Counted<String>>,
    /// Most names.
    pub(super) limit: u64,
    pub(super) too_many: ServiceError,
    pub(super) forbidden: fn(&str) -> bool,
}

impl Names<'_> {
    pub(super) fn check(self) -> Result<(), ServiceError> {
        let Names { member, behavior, listed: names, limit, too_many, forbidden } = self;
        if let Some(names) = names {
            names.check()?;
        }
        let items = names.map(|names| names.items.as_slice()).unwrap_or_default();
        let takes_names = matches!(behavior, "whitelist" | "allExcept");
        match (takes_names, items.is_empty()) {
            (true, true) => return Err(ServiceError::required(member)),
            (false, false) => return Err(ServiceError::invalid(member)),
            (true, false) | (false, true) => {}
        }
        if more_than(items.len(), limit) {
            return Err(too_many);
        }
        if items.iter().map(|name| name.chars().count()).sum::<usize>() > MAX_CHARACTERS {
            return Err(ServiceError::too_big(member));
        }
        match items.iter().find(|name| name.is_empty() || forbidden(name)) {
            None => Ok(()),
            Some(name) => Err(ServiceError::with(
                Code::InvalidArgument,
                format!("The parameter {member} contains {name} that is not allowed."),
            )),
        }
    }
}

/// Headers that no cache policy can have in its key: CloudFront sets or consumes them itself.
pub(super) fn is_forbidden_header(name: &str) -> bool {
    const FORBIDDEN: [&str; 2] = ["accept-encoding", "x-amz-content-sha256"];
    let name = name.to_ascii_lowercase();
    FORBIDDEN.contains(&name.as_str()) || name.starts_with("x-edge-")
}
