//! A distribution as the Terraform provider 5.100.0 sends it.

use serde_json::{Map, Value, json};

use super::attributes::{Attributes, Unknown};
use super::list::{list, list_with};
use super::{behavior, origin};

/// `DistributionConfig` of the attributes of a resource.
pub(super) fn of(resource: &Attributes<'_>, unknown: &mut Unknown) -> Map<String, Value> {
    let mut config = Map::new();
    let mut put = |member: &str, value: Value| config.insert(member.to_owned(), value);
    for (member, attribute) in [
        ("CallerReference", "caller_reference"),
        ("Comment", "comment"),
        ("DefaultRootObject", "default_root_object"),
        ("HttpVersion", "http_version"),
        ("PriceClass", "price_class"),
        ("WebACLId", "web_acl_id"),
    ] {
        put(member, resource.text(attribute, member, unknown).into());
    }
    let policy = "ContinuousDeploymentPolicyId";
    put(policy, resource.computed_text("continuous_deployment_policy_id", policy, unknown).into());
    for (member, attribute) in
        [("Enabled", "enabled"), ("IsIPV6Enabled", "is_ipv6_enabled"), ("Staging", "staging")]
    {
        put(member, resource.flag(attribute).into());
    }
    put("Aliases", list(resource.items("aliases", "Aliases", unknown)));
    put("Origins", origin::origins(resource, unknown));
    if let Some(groups) = origin::groups(resource, unknown) {
        put("OriginGroups", groups);
    }
    if let Some(default) = resource.block("default_cache_behavior") {
        put("DefaultCacheBehavior", behavior::of(&default, "DefaultCacheBehavior", unknown).into());
    }
    put("CacheBehaviors", behavior::ordered(resource, unknown));
    put("CustomErrorResponses", error_responses(resource, unknown));
    put("Logging", logging(resource, unknown));
    if let Some(restrictions) = resource.block("restrictions") {
        put("Restrictions", json!({ "GeoRestriction": countries(&restrictions, unknown) }));
    }
    if let Some(certificate) = resource.block("viewer_certificate") {
        put("ViewerCertificate", viewer_certificate(&certificate, unknown));
    }
    config
}

fn error_responses(resource: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let response = |(index, response): (usize, &Attributes<'_>)| {
        let place = |member: &str| format!("CustomErrorResponses.Items[{index}].{member}");
        let code = response.number("response_code", &place("ResponseCode"), unknown);
        json!({
            "ErrorCode": response.number("error_code", &place("ErrorCode"), unknown),
            "ErrorCachingMinTTL": response.number("error_caching_min_ttl", &place("ErrorCachingMinTTL"), unknown),
            "ResponseCode": if code == 0 { String::new() } else { code.to_string() },
            "ResponsePagePath": response.text("response_page_path", &place("ResponsePagePath"), unknown),
        })
    };
    list(resource.blocks("custom_error_response").iter().enumerate().map(response).collect())
}

fn logging(resource: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let Some(logging) = resource.block("logging_config") else {
        return json!({ "Enabled": false, "IncludeCookies": false, "Bucket": "", "Prefix": "" });
    };
    json!({
        "Enabled": true,
        "IncludeCookies": logging.flag("include_cookies"),
        "Bucket": logging.text("bucket", "Logging.Bucket", unknown),
        "Prefix": logging.text("prefix", "Logging.Prefix", unknown),
    })
}

fn countries(restrictions: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let Some(countries) = restrictions.block("geo_restriction") else { return json!({}) };
    let place = "Restrictions.GeoRestriction";
    let kind = countries.text("restriction_type", &format!("{place}.RestrictionType"), unknown);
    let locations = countries.items("locations", place, unknown);
    list_with(locations, [("RestrictionType", kind.into())]).into()
}

/// One source of the certificate; the method only with a certificate of one's own.
fn viewer_certificate(certificate: &Attributes<'_>, unknown: &mut Unknown) -> Value {
    let place = |member: &str| format!("ViewerCertificate.{member}");
    let text = |attribute: &str, member: &str, unknown: &mut Unknown| {
        certificate.text(attribute, &place(member), unknown)
    };
    let minimum = text("minimum_protocol_version", "MinimumProtocolVersion", unknown);
    let iam = text("iam_certificate_id", "IAMCertificateId", unknown);
    let acm = text("acm_certificate_arn", "ACMCertificateArn", unknown);
    let (member, name) = match (iam.is_empty(), acm.is_empty()) {
        (false, _) => ("IAMCertificateId", iam),
        (true, false) => ("ACMCertificateArn", acm),
        (true, true) => {
            let own = certificate.flag("cloudfront_default_certificate");
            return json!({ "CloudFrontDefaultCertificate": own, "MinimumProtocolVersion": minimum });
        }
    };
    json!({
        member: name,
        "SSLSupportMethod": text("ssl_support_method", "SSLSupportMethod", unknown),
        "MinimumProtocolVersion": minimum,
    })
}
