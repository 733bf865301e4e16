//! Quotas of one distribution.

use keyfront_error::{Code, ServiceError};

use super::super::config::Behavior;
use super::super::finding::{Findings, Place};
use super::{CONFIG, DistributionConfig};
use crate::Quotas;
use crate::counted::more_than;

pub(super) fn check(config: &DistributionConfig, quotas: &Quotas, findings: &mut Findings) {
    let lambda = config.behaviors().map(|behavior| behavior.lambda_function_associations.items.len()).sum();
    for (member, count, limit, code, text) in [
        (
            "Aliases",
            config.aliases.items.len(),
            quotas.aliases_per_distribution,
            Code::TooManyDistributionCNAMEs,
            "Your request contains more CNAMEs than are allowed per distribution.",
        ),
        (
            "Origins",
            config.origins.items.len(),
            quotas.origins_per_distribution,
            Code::TooManyOrigins,
            "You cannot create more origins for the distribution.",
        ),
        (
            "OriginGroups",
            config.origin_groups.items.len(),
            quotas.origin_groups_per_distribution,
            Code::TooManyOriginGroupsPerDistribution,
            "Processing your request would cause you to exceed the maximum number of origin groups allowed.",
        ),
        (
            "CacheBehaviors",
            config.cache_behaviors.items.len(),
            quotas.cache_behaviors_per_distribution,
            Code::TooManyCacheBehaviors,
            "You cannot create more cache behaviors for the distribution.",
        ),
        (
            "CacheBehaviors",
            lambda,
            quotas.lambda_function_associations_per_distribution,
            Code::TooManyLambdaFunctionAssociations,
            "Your request contains more Lambda@Edge function associations than are allowed per distribution.",
        ),
    ] {
        if more_than(count, limit) {
            findings.refuse(CONFIG, member, ServiceError::new(code, text));
        }
    }
    for (index, origin) in config.origins.items.iter().enumerate() {
        if more_than(origin.custom_headers.items.len(), quotas.custom_headers_per_origin) {
            let refusal = ServiceError::new(
                Code::TooManyOriginCustomHeaders,
                "Your request contains too many origin custom headers.",
            );
            findings.refuse(&CONFIG.item("Origins", index), "CustomHeaders", refusal);
        }
    }
    for (place, behavior) in config.places() {
        check_behavior(behavior, quotas, &place, findings);
    }
}

fn check_behavior(behavior: &Behavior, quotas: &Quotas, place: &Place<'_>, findings: &mut Findings) {
    let forwarded = behavior.forwarded_values.as_ref();
    let cookies = forwarded.and_then(|values| values.cookies.whitelisted_names.as_ref());
    for (member, count, limit, code, text) in [
        (
            "TrustedSigners",
            behavior.trusted_signers.accounts.items.len(),
            quotas.trusted_signers_per_cache_behavior,
            Code::TooManyTrustedSigners,
            "Your request contains more trusted signers than are allowed per distribution.",
        ),
        (
            "TrustedKeyGroups",
            behavior.trusted_key_groups.key_groups.items.len(),
            quotas.key_groups_per_cache_behavior,
            Code::TooManyKeyGroupsAssociatedToDistribution,
            "The number of key groups referenced by this distribution is more than the maximum allowed. For more \
             information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        (
            "ForwardedValues",
            cookies.map_or(0, |names| names.items.len()),
            quotas.cookies_per_cache_behavior,
            Code::TooManyCookieNamesInWhiteList,
            "Your request contains more cookie names in the whitelist than are allowed per cache behavior.",
        ),
        (
            "ForwardedValues",
            forwarded.map_or(0, |values| values.headers.items.len()),
            quotas.headers_per_cache_behavior,
            Code::TooManyHeadersInForwardedValues,
            "Your request contains too many headers in forwarded values.",
        ),
        (
            "ForwardedValues",
            forwarded.map_or(0, |values| values.query_string_cache_keys.items.len()),
            quotas.query_strings_per_cache_behavior,
            Code::TooManyQueryStringParameters,
            "Your request contains too many query string parameters.",
        ),
    ] {
        if more_than(count, limit) {
            findings.refuse(place, member, ServiceError::new(code, text));
        }
    }
}
