//! Every list says how many items it has.

use super::super::config::{Behavior, Origin};
use super::super::finding::{Findings, Place};
use super::{CONFIG, DistributionConfig};
use crate::Counted;

pub(super) fn check(config: &DistributionConfig, findings: &mut Findings) {
    list(&config.aliases, CONFIG, "Aliases", findings);
    list(&config.origins, CONFIG, "Origins", findings);
    for (index, origin) in config.origins.items.iter().enumerate() {
        check_origin(origin, &CONFIG.item("Origins", index), findings);
    }
    list(&config.origin_groups, CONFIG, "OriginGroups", findings);
    for (index, group) in config.origin_groups.items.iter().enumerate() {
        let place = &CONFIG.item("OriginGroups", index);
        let codes = &group.failover_criteria.status_codes;
        list(codes, &place.member("FailoverCriteria"), "StatusCodes", findings);
        list(&group.members, place, "Members", findings);
    }
    list(&config.cache_behaviors, CONFIG, "CacheBehaviors", findings);
    for (place, behavior) in config.places() {
        check_behavior(behavior, &place, findings);
    }
    list(&config.custom_error_responses, CONFIG, "CustomErrorResponses", findings);
    let restrictions = &CONFIG.member("Restrictions");
    list(&config.restrictions.geo_restriction.locations, restrictions, "GeoRestriction", findings);
}

fn check_origin(origin: &Origin, place: &Place<'_>, findings: &mut Findings) {
    list(&origin.custom_headers, place, "CustomHeaders", findings);
    if let Some(server) = &origin.custom_origin_config {
        let place = &place.member("CustomOriginConfig");
        list(&server.origin_ssl_protocols, place, "OriginSslProtocols", findings);
    }
}

fn check_behavior(behavior: &Behavior, place: &Place<'_>, findings: &mut Findings) {
    list(&behavior.trusted_signers.accounts, place, "TrustedSigners", findings);
    list(&behavior.trusted_key_groups.key_groups, place, "TrustedKeyGroups", findings);
    list(&behavior.allowed_methods.methods, place, "AllowedMethods", findings);
    let methods = &place.member("AllowedMethods");
    list(&behavior.allowed_methods.cached_methods, methods, "CachedMethods", findings);
    list(&behavior.lambda_function_associations, place, "LambdaFunctionAssociations", findings);
    list(&behavior.function_associations, place, "FunctionAssociations", findings);
    if let Some(forwarded) = &behavior.forwarded_values {
        let place = &place.member("ForwardedValues");
        if let Some(names) = &forwarded.cookies.whitelisted_names {
            list(names, &place.member("Cookies"), "WhitelistedNames", findings);
        }
        list(&forwarded.headers, place, "Headers", findings);
        list(&forwarded.query_string_cache_keys, place, "QueryStringCacheKeys", findings);
    }
}

fn list<T>(list: &Counted<T>, place: &Place<'_>, member: &'static str, findings: &mut Findings) {
    findings.take(place, member, list.check());
}
