//! Rules of a cache policy and an origin request policy.

use super::rules::{Defaults, ForwardingRules, Selected, ttls};
use super::{AcceptEncoding, CloudFrontHeader, Names, Selection};
use crate::Counted;
use crate::cache_policy::CachePolicyConfig;
use crate::origin_request_policy::OriginRequestPolicyConfig;
use crate::parameters::{CookiesConfig, HeadersConfig, QueryStringsConfig};

impl ForwardingRules {
    /// The rules of a behavior with a cache policy and perhaps an origin request policy.
    pub fn of_policies(
        cache: &CachePolicyConfig,
        origin_request: Option<&OriginRequestPolicyConfig>,
    ) -> ForwardingRules {
        let parameters = &cache.parameters;
        let key = Selected {
            headers: headers(&parameters.headers_config),
            cookies: cookies(&parameters.cookies_config),
            query_strings: query_strings(&parameters.query_strings_config),
        };
        let more = origin_request.map_or_else(Selected::default, |policy| Selected {
            headers: headers(&policy.headers_config),
            cookies: cookies(&policy.cookies_config),
            query_strings: query_strings(&policy.query_strings_config),
        });
        let named = [Some(&parameters.headers_config), origin_request.map(|policy| &policy.headers_config)];
        let named = named.into_iter().flatten().filter(|headers| headers.header_behavior != "allExcept");
        let named = named.flat_map(|headers| items(headers.headers.as_ref()));
        let ttls = ttls(cache.min_ttl, cache.default_ttl, cache.max_ttl);
        ForwardingRules {
            forward: Selected {
                headers: key.headers.forwarded_with(&more.headers),
                cookies: key.cookies.forwarded_with(&more.cookies),
                query_strings: key.query_strings.forwarded_with(&more.query_strings),
            },
            defaults: Defaults::Policies,
            accept_encoding: AcceptEncoding {
                gzip: parameters.enable_accept_encoding_gzip,
                brotli: parameters.enable_accept_encoding_brotli,
            },
            cloudfront_headers: CloudFrontHeader::all_named(named),
            ttls,
            caches: ttls.caches(),
            key,
        }
    }
}

fn headers(config: &HeadersConfig) -> Selection {
    let names = || Names::of_headers(items(config.headers.as_ref()));
    match config.header_behavior.as_str() {
        "whitelist" => Selection::Only(names()),
        "allExcept" => Selection::Except(names()),
        "allViewer" | "allViewerAndWhitelistCloudFront" => Selection::All,
        _none => Selection::None,
    }
}

fn cookies(config: &CookiesConfig) -> Selection {
    parameters(&config.cookie_behavior, config.cookies.as_ref())
}

fn query_strings(config: &QueryStringsConfig) -> Selection {
    parameters(&config.query_string_behavior, config.query_strings.as_ref())
}

fn parameters(behavior: &str, listed: Option<&Counted<String>>) -> Selection {
    match behavior {
        "whitelist" => Selection::Only(Names::of(items(listed))),
        "allExcept" => Selection::Except(Names::of(items(listed))),
        "all" => Selection::All,
        _none => Selection::None,
    }
}

fn items(listed: Option<&Counted<String>>) -> impl Iterator<Item = &str> {
    listed.into_iter().flat_map(|names| &names.items).map(String::as_str)
}
