//! Rules of multi-tenant distributions, and of the members that only they have.

use std::borrow::Cow;
use std::collections::BTreeSet;

use keyfront_error::ServiceError;

use super::super::config::{Behavior, Certificate, given};
use super::super::finding::{Findings, Place};
use super::{CONFIG, DistributionConfig};
use crate::Quotas;
use crate::counted::more_than;

pub(super) fn check(config: &DistributionConfig, quotas: &Quotas, findings: &mut Findings) {
    let definitions = config.tenant_config.as_ref().map(|tenants| tenants.parameter_definitions.as_slice());
    let definitions = definitions.unwrap_or_default();
    let place = &CONFIG.member("TenantConfig");
    if !config.is_multi_tenant() {
        if !definitions.is_empty() {
            findings.refuse(CONFIG, "TenantConfig", ServiceError::invalid("TenantConfig"));
        }
        return;
    }
    let mut names = BTreeSet::new();
    if !definitions.iter().all(|definition| names.insert(definition.name.as_str())) {
        findings.refuse(place, "ParameterDefinitions", ServiceError::not_unique("Name"));
    }
    if more_than(definitions.len(), quotas.parameters_per_multi_tenant_distribution) {
        findings.refuse(place, "ParameterDefinitions", ServiceError::too_big("ParameterDefinitions"));
    }
    check_whole(config, findings);
    for (place, behavior) in config.places() {
        check_behavior(behavior, &place, findings);
    }
}

/// What a multi-tenant distribution does not support (AWS: Unsupported features for multi-tenant distributions).
fn check_whole(config: &DistributionConfig, findings: &mut Findings) {
    let certificate = &config.viewer_certificate;
    let classic_acl = !config.web_acl_id.is_empty() && !config.web_acl_id.starts_with("arn:");
    for (member, used) in [
        ("Aliases", config.aliases.quantity != 0 || config.aliases().next().is_some()),
        ("Logging", config.logging.enabled),
        ("PriceClass", config.price_class.is_some()),
        ("WebACLId", classic_acl),
        ("IsIPV6Enabled", config.is_ipv6_enabled.is_some()),
        ("ContinuousDeploymentPolicyId", !config.continuous_deployment_policy_id.is_empty()),
        ("Staging", config.staging.is_some()),
        ("AnycastIpListId", given(config.anycast_ip_list_id.as_ref()).is_some()),
    ] {
        if used {
            findings.refuse(CONFIG, member, ServiceError::invalid(member));
        }
    }
    let own = certificate.cloud_front_default_certificate;
    let method = certificate.ssl_support_method.as_deref();
    let version = certificate.minimum_protocol_version.as_deref();
    for (member, used) in [
        ("IAMCertificateId", matches!(config.certificate(), Certificate::Iam(_))),
        ("SSLSupportMethod", !own && matches!(method, Some("vip" | "static-ip"))),
        ("MinimumProtocolVersion", version == Some("SSLv3")),
    ] {
        if used {
            findings.refuse(&CONFIG.member("ViewerCertificate"), member, ServiceError::invalid(member));
        }
    }
    for (index, origin) in config.origins.items.iter().enumerate() {
        if origin.origin_access_identity().is_some() {
            let refusal = ServiceError::invalid("OriginAccessIdentity");
            let place = &CONFIG.item("Origins", index);
            findings.refuse(&place.member("S3OriginConfig"), "OriginAccessIdentity", refusal);
        }
    }
}

fn check_behavior(behavior: &Behavior, place: &Place<'_>, findings: &mut Findings) {
    let signers = &behavior.trusted_signers;
    for (member, used) in [
        ("TrustedSigners", signers.enabled || !signers.accounts.items.is_empty()),
        ("SmoothStreaming", behavior.smooth_streaming.is_some()),
        ("ForwardedValues", behavior.forwarded_values.is_some()),
        ("MinTTL", behavior.min_ttl.is_some()),
        ("DefaultTTL", behavior.default_ttl.is_some()),
        ("MaxTTL", behavior.max_ttl.is_some()),
    ] {
        // With a cache policy the last four are refused for that.
        let refused =
            behavior.cache_policy_id.is_some() && !matches!(member, "TrustedSigners" | "SmoothStreaming");
        if used && !refused {
            findings.refuse(place, member, ServiceError::invalid(member));
        }
    }
}

/// A host or path of a multi-tenant distribution with something in place of each `{{parameter}}` that it defines.
/// Others stay, and are refused for their braces.
pub(super) fn filled_in<'t>(config: &DistributionConfig, text: &'t str) -> Cow<'t, str> {
    let Some(tenants) = config.tenant_config.as_ref().filter(|_| config.is_multi_tenant()) else {
        return Cow::Borrowed(text);
    };
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let mut filled = text.to_owned();
    for definition in &tenants.parameter_definitions {
        filled = filled.replace(&format!("{{{{{}}}}}", definition.name), "x");
    }
    Cow::Owned(filled)
}
