//! Rules of cache behaviors.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::super::config::{AllowedMethods, Behavior, given};
use super::super::finding::{Findings, Place};
use super::super::references::name_of_log_config;
use super::{CONFIG, DistributionConfig, caching, functions, groups};

/// Most characters of a path pattern (AWS: Path pattern).
const MAX_PATTERN: usize = 255;

/// The three sets of methods that a behavior can forward, in the order that they are completed to.
const METHODS: [&[&str]; 3] = [
    &["HEAD", "GET"],
    &["HEAD", "GET", "OPTIONS"],
    &["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"],
];

const ILLEGAL_ENCRYPTION: ServiceError = ServiceError::new(
    Code::IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior,
    "The specified configuration for field-level encryption can't be associated with the specified cache behavior.",
);

pub(super) fn check(config: &DistributionConfig, findings: &mut Findings) {
    check_patterns(config, findings);
    for (place, behavior) in config.places() {
        check_one(config, behavior, &place, findings);
    }
}

fn check_patterns(config: &DistributionConfig, findings: &mut Findings) {
    let mut patterns = BTreeSet::new();
    for (index, other) in config.cache_behaviors.items.iter().enumerate() {
        let (place, pattern) = (&CONFIG.item("CacheBehaviors", index), other.path_pattern.as_str());
        let refusal = if pattern.is_empty() {
            ServiceError::required("PathPattern")
        } else if pattern.chars().count() > MAX_PATTERN {
            ServiceError::too_big("PathPattern")
        } else if !pattern.chars().all(is_letter_of_patterns) {
            ServiceError::invalid("PathPattern")
        } else if !patterns.insert(pattern) {
            ServiceError::not_unique("PathPattern")
        } else {
            continue;
        };
        findings.refuse(place, "PathPattern", refusal);
    }
}

/// The guide lists letters, digits and `_-.*$/~"'@:+&?`. What else can stand in a path is let through: it is not known
/// that the service refuses it.
fn is_letter_of_patterns(letter: char) -> bool {
    letter.is_ascii_graphic() && !"#<>[\\]^`{|}".contains(letter)
}

fn check_one(config: &DistributionConfig, behavior: &Behavior, place: &Place<'_>, findings: &mut Findings) {
    if !has_target(config, &behavior.target_origin_id) {
        findings.refuse(place, "TargetOriginId", groups::NO_SUCH_ORIGIN);
    }
    check_trust(behavior, place, findings);
    check_methods(config, behavior, place, findings);
    functions::check(behavior, place, findings);
    if !behavior.field_level_encryption_id.is_empty() && !can_encrypt_fields(config, behavior) {
        findings.refuse(place, "FieldLevelEncryptionId", ILLEGAL_ENCRYPTION);
    }
    if given(behavior.realtime_log_config_arn.as_ref()).is_some_and(|arn| name_of_log_config(arn).is_none()) {
        findings.refuse(place, "RealtimeLogConfigArn", ServiceError::invalid("RealtimeLogConfigArn"));
    }
    if behavior.grpc_config.enabled {
        let http2 = matches!(config.http_version.as_str(), "http2" | "http2and3");
        if !http2 || !has_method(&behavior.allowed_methods, "POST") {
            findings.refuse(place, "GrpcConfig", ServiceError::invalid("GrpcConfig"));
        }
    }
    caching::check(config, behavior, place, findings);
}

fn has_target(config: &DistributionConfig, target: &str) -> bool {
    config.origins.items.iter().any(|origin| origin.id == target)
        || config.origin_groups.items.iter().any(|group| group.id == target)
}

fn check_trust(behavior: &Behavior, place: &Place<'_>, findings: &mut Findings) {
    let signers = &behavior.trusted_signers.accounts.items;
    let is_account = |signer: &String| {
        signer == "self" || (signer.len() == 12 && signer.bytes().all(|digit| digit.is_ascii_digit()))
    };
    if !signers.iter().all(is_account) {
        let refusal = ServiceError::new(
            Code::TrustedSignerDoesNotExist,
            "One or more of your trusted signers don't exist.",
        );
        findings.refuse(place, "TrustedSigners", refusal);
    }
    if !signers.is_empty() && !behavior.trusted_key_groups.key_groups.items.is_empty() {
        findings.refuse(place, "TrustedKeyGroups", ServiceError::invalid("TrustedKeyGroups"));
    }
}

fn check_methods(
    config: &DistributionConfig,
    behavior: &Behavior,
    place: &Place<'_>,
    findings: &mut Findings,
) {
    let AllowedMethods { methods, cached_methods } = &behavior.allowed_methods;
    if !METHODS.contains(&names(&methods.items).as_slice()) {
        findings.refuse(place, "AllowedMethods", ServiceError::invalid("AllowedMethods"));
    }
    let cached = names(&cached_methods.items);
    let forwarded = cached.iter().all(|method| has_method(&behavior.allowed_methods, method));
    if !METHODS[..2].contains(&cached.as_slice()) || !forwarded {
        let place = &place.member("AllowedMethods");
        findings.refuse(place, "CachedMethods", ServiceError::invalid("CachedMethods"));
    }
    let group = config.origin_groups.items.iter().any(|group| group.id == behavior.target_origin_id);
    let writes = ["POST", "PUT", "PATCH", "DELETE"];
    if group && writes.iter().any(|method| has_method(&behavior.allowed_methods, method)) {
        let refusal = ServiceError::new(
            Code::InvalidArgument,
            "The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior \
             associated with an origin group.",
        );
        findings.refuse(place, "AllowedMethods", refusal);
    }
}

fn names(methods: &[String]) -> Vec<&str> {
    methods.iter().map(String::as_str).collect()
}

fn has_method(allowed: &AllowedMethods, method: &str) -> bool {
    allowed.methods.items.iter().any(|allowed| allowed == method)
}

/// Fields can be encrypted where viewers come over HTTPS with all methods, and the origin is asked over HTTPS (AWS:
/// Field-level encryption, add a configuration to a cache behavior).
fn can_encrypt_fields(config: &DistributionConfig, behavior: &Behavior) -> bool {
    let https = matches!(behavior.viewer_protocol_policy.as_str(), "https-only" | "redirect-to-https");
    let all_methods = names(&behavior.allowed_methods.methods.items) == METHODS[2];
    let plain_origin = targets(config, &behavior.target_origin_id)
        .filter_map(|id| config.origins.items.iter().find(|origin| origin.id == id))
        .filter_map(|origin| origin.custom_origin_config.as_ref())
        .any(|server| server.origin_protocol_policy == "http-only");
    https && all_methods && !plain_origin
}

/// The ids of origins that a target stands for: itself, or the members of the group.
fn targets<'c>(config: &'c DistributionConfig, target: &'c str) -> impl Iterator<Item = &'c str> {
    let group = config.origin_groups.items.iter().find(|group| group.id == target);
    let members = group.into_iter().flat_map(|group| &group.members.items);
    std::iter::once(target).chain(members.map(|member| member.origin_id.as_str()))
}
