//! Rules of cache policies and of forwarded values, which came before them.

use keyfront_error::{Code, ServiceError};

use super::super::config::{Behavior, ForwardedValues};
use super::super::finding::{Findings, Place};
use super::{DistributionConfig, names};

pub(super) fn check(
    config: &DistributionConfig,
    behavior: &Behavior,
    place: &Place<'_>,
    findings: &mut Findings,
) {
    let ttls =
        [("MinTTL", behavior.min_ttl), ("DefaultTTL", behavior.default_ttl), ("MaxTTL", behavior.max_ttl)];
    if behavior.cache_policy_id.is_some() {
        let given = ttls.iter().filter(|(_, ttl)| ttl.is_some()).map(|(member, _)| *member);
        let forwarded = behavior.forwarded_values.is_some().then_some("ForwardedValues");
        for member in forwarded.into_iter().chain(given) {
            let text = format!(
                "The parameter {member} cannot be used when a cache policy is associated to the cache behavior."
            );
            findings.refuse(place, member, ServiceError::with(Code::InvalidArgument, text));
        }
        return;
    }
    if behavior.origin_request_policy_id.is_some() {
        let refusal = ServiceError::invalid("OriginRequestPolicyId");
        findings.refuse(place, "OriginRequestPolicyId", refusal);
    }
    if let Some(forwarded) = &behavior.forwarded_values {
        check_forwarded(config, behavior, forwarded, &place.member("ForwardedValues"), findings);
    }
    check_ttls(ttls, place, findings);
}

fn check_ttls(ttls: [(&'static str, Option<i64>); 3], place: &Place<'_>, findings: &mut Findings) {
    let mut negative = false;
    for (member, ttl) in ttls {
        if ttl.is_some_and(|seconds| seconds < 0) {
            negative = true;
            findings.refuse(place, member, ServiceError::invalid(member));
        }
    }
    let seconds: Vec<_> = ttls.iter().filter_map(|(_, ttl)| *ttl).collect();
    if !negative && !seconds.is_sorted() {
        let refusal = ServiceError::new(
            Code::InvalidTTLOrder,
            "MinTTL, MaxTTL and DefaultTTL should follow order MinTTL less than or equal to DefaultTTL less than or \
             equal to MaxTTL",
        );
        findings.refuse(place, "DefaultTTL", refusal);
    }
}

fn check_forwarded(
    config: &DistributionConfig,
    behavior: &Behavior,
    forwarded: &ForwardedValues,
    place: &Place<'_>,
    findings: &mut Findings,
) {
    let cookies = &forwarded.cookies;
    let listed = cookies.whitelisted_names.as_ref().map_or(&[][..], |names| &names.items);
    if cookies.forward == "whitelist" && listed.is_empty() {
        let refusal = ServiceError::new(
            Code::InvalidForwardCookies,
            "Your request contains forward cookies option which doesn't match with the expectation for the \
             whitelisted list of cookie names. Either list of cookie names has been specified when not allowed or \
             list of cookie names is missing when expected.",
        );
        findings.refuse(place, "Cookies", refusal);
    }
    check_headers(config, behavior, &forwarded.headers.items, place, findings);
    if forwarded.query_string_cache_keys.items.iter().any(String::is_empty) {
        let refusal = ServiceError::new(
            Code::InvalidQueryStringParameters,
            "The query string parameters specified are not valid.",
        );
        findings.refuse(place, "QueryStringCacheKeys", refusal);
    }
}

/// `*` stands for all headers; then nothing is cached, so that there is no other header and no MinTTL.
fn check_headers(
    config: &DistributionConfig,
    behavior: &Behavior,
    headers: &[String],
    place: &Place<'_>,
    findings: &mut Findings,
) {
    let forbidden =
        |name: &&String| *name != "*" && (!names::is_header_name(name) || names::is_forbidden_in_key(name));
    if let Some(name) = headers.iter().find(forbidden) {
        let text = format!("The parameter Headers contains {name} that is not allowed.");
        findings.refuse(place, "Headers", ServiceError::with(Code::InvalidArgument, text));
    }
    let all = headers.iter().any(|name| name == "*");
    if all && headers.len() > 1 {
        findings.refuse(place, "Headers", ServiceError::invalid("Headers"));
    }
    if all && behavior.min_ttl.is_some_and(|seconds| seconds > 0) {
        findings.refuse(place, "Headers", ServiceError::invalid("MinTTL"));
    }
    let target = config.origins.items.iter().find(|origin| origin.id == behavior.target_origin_id);
    let bucket = target.is_some_and(|origin| origin.s3_origin_config.is_some());
    if bucket && headers.iter().any(|name| name == "*" || name.eq_ignore_ascii_case("host")) {
        let refusal = ServiceError::new(
            Code::InvalidHeadersForS3Origin,
            "The headers specified are not valid for an Amazon S3 origin.",
        );
        findings.refuse(place, "Headers", refusal);
    }
}
