//! The lists of names in a policy.

use keyfront_error::{Code, ServiceError};

use super::{CookiesConfig, HeadersConfig, QueryStringsConfig};
use crate::Counted;
use crate::counted::more_than;

/// Most characters of all names of a list together (AWS: Quotas on policies).
const MAX_CHARACTERS: usize = 1024;

/// How many names a list may have, and what is answered when it has more.
pub(crate) struct Limit {
    pub(crate) names: u64,
    pub(crate) too_many: ServiceError,
}

/// The kind of a policy, as far as its lists of names depend on it.
pub(crate) struct Kind {
    pub(crate) headers: Limit,
    pub(crate) cookies: Limit,
    pub(crate) query_strings: Limit,
    /// Whether a header may not be named where the behavior is this.
    pub(crate) forbidden_header: fn(behavior: &str, name: &str) -> bool,
}

/// One list and what it is checked by.
pub(crate) struct Names<'c> {
    /// The member that holds it.
    member: &'static str,
    /// What the policy does with the names.
    behavior: &'c str,
    listed: Option<&'c Counted<String>>,
    limit: Limit,
    forbidden: fn(behavior: &str, name: &str) -> bool,
}

impl Names<'_> {
    /// Checks the three lists of a policy, in the model's order.
    pub(crate) fn check_all(
        headers: &HeadersConfig,
        cookies: &CookiesConfig,
        query_strings: &QueryStringsConfig,
        kind: Kind,
    ) -> Result<(), ServiceError> {
        let headers = Names {
            member: "Headers",
            behavior: &headers.header_behavior,
            listed: headers.headers.as_ref(),
            limit: kind.headers,
            forbidden: kind.forbidden_header,
        };
        let cookies = Names {
            member: "Cookies",
            behavior: &cookies.cookie_behavior,
            listed: cookies.cookies.as_ref(),
            limit: kind.cookies,
            forbidden: |_behavior, _cookie| false,
        };
        let query_strings = Names {
            member: "QueryStrings",
            behavior: &query_strings.query_string_behavior,
            listed: query_strings.query_strings.as_ref(),
            limit: kind.query_strings,
            forbidden: |_behavior, _query_string| false,
        };
        [headers, cookies, query_strings].into_iter().try_for_each(Names::check)
    }

    fn check(self) -> Result<(), ServiceError> {
        let Names { member, behavior, listed: names, limit, forbidden } = self;
        if let Some(names) = names {
            names.check()?;
        }
        let items = names.map(|names| names.items.as_slice()).unwrap_or_default();
        let takes_names = matches!(behavior, "whitelist" | "allExcept" | "allViewerAndWhitelistCloudFront");
        match (takes_names, items.is_empty()) {
            (true, true) => return Err(ServiceError::required(member)),
            (false, false) => return Err(ServiceError::invalid(member)),
            (true, false) | (false, true) => {}
        }
        if more_than(items.len(), limit.names) {
            return Err(limit.too_many);
        }
        if items.iter().map(|name| name.chars().count()).sum::<usize>() > MAX_CHARACTERS {
            return Err(ServiceError::too_big(member));
        }
        match items.iter().find(|name| name.is_empty() || forbidden(behavior, name)) {
            None => Ok(()),
            Some(name) => Err(ServiceError::with(
                Code::InvalidArgument,
                format!("The parameter {member} contains {name} that is not allowed."),
            )),
        }
    }
}

/// Headers that no policy can name: CloudFront sets or consumes them itself. `name` is in small letters.
pub(crate) fn is_forbidden_header(name: &str) -> bool {
    const FORBIDDEN: [&str; 2] = ["accept-encoding", "x-amz-content-sha256"];
    FORBIDDEN.contains(&name) || name.starts_with("x-edge-")
}
