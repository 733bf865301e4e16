//! Rules of `ForwardedValues`, which came before policies.

use super::rules::{Defaults, ForwardingRules, Selected, ttls};
use super::{AcceptEncoding, CloudFrontHeader, Names, Selection};
use crate::caching::freshness::Ttls;
use crate::distribution::{CookiePreference, ForwardedValues};

impl ForwardingRules {
    /// The rules of a behavior with `ForwardedValues`, and its TTLs in seconds.
    pub fn of_forwarded_values(
        values: &ForwardedValues,
        (min_ttl, default_ttl, max_ttl): (i64, i64, i64),
    ) -> ForwardingRules {
        let listed = || values.headers.items.iter().map(String::as_str);
        // "All – CloudFront doesn't cache the objects that are associated with this cache behavior."
        let all_headers = listed().any(|name| name == "*");
        let headers = match (all_headers, values.headers.items.is_empty()) {
            (true, _) => Selection::All,
            (false, true) => Selection::None,
            (false, false) => Selection::Only(Names::of_headers(listed())),
        };
        let cookies = cookies(&values.cookies);
        let (keyed, forwarded) = query_strings(values);
        let ttls = if all_headers { Ttls::DISABLED } else { ttls(min_ttl, default_ttl, max_ttl) };
        ForwardingRules {
            key: Selected {
                headers: if all_headers { Selection::None } else { headers.clone() },
                cookies: cookies.clone(),
                query_strings: keyed,
            },
            accept_encoding: AcceptEncoding {
                // Brotli needs a cache policy (AWS: Serve compressed files).
                gzip: !headers.takes(b"accept-encoding"),
                brotli: false,
            },
            forward: Selected { headers, cookies, query_strings: forwarded },
            defaults: Defaults::Legacy,
            cloudfront_headers: CloudFrontHeader::all_named(listed()),
            ttls,
            caches: ttls.caches(),
        }
    }
}

fn cookies(cookies: &CookiePreference) -> Selection {
    match cookies.forward.as_str() {
        "all" => Selection::All,
        "whitelist" => {
            let listed = cookies.whitelisted_names.iter().flat_map(|names| &names.items);
            Selection::Only(Names::with_wildcards(listed.map(String::as_str)))
        }
        _none => Selection::None,
    }
}

/// What is in the key and what is forwarded: none, all, or all with some in the key (AWS: Cache behavior settings, "Query
/// string forwarding and caching").
fn query_strings(values: &ForwardedValues) -> (Selection, Selection) {
    let keys = &values.query_string_cache_keys.items;
    match (values.query_string, keys.is_empty()) {
        (false, _) => (Selection::None, Selection::None),
        (true, true) => (Selection::All, Selection::All),
        (true, false) => (Selection::Only(Names::of(keys.iter().map(String::as_str))), Selection::All),
    }
}
