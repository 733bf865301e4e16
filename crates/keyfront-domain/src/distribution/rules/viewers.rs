//! Rules of what concerns viewers: certificate, countries, web ACL, HTTP version, certificates of viewers.

use keyfront_error::{Code, ServiceError};

use super::super::config::{Certificate, given};
use super::super::finding::Findings;
use super::{CONFIG, DistributionConfig, countries, names};

pub(super) fn check(config: &DistributionConfig, findings: &mut Findings) {
    check_certificate(config, findings);
    check_countries(config, findings);
    if let Err(refusal) = check_web_acl(&config.web_acl_id) {
        findings.refuse(CONFIG, "WebACLId", refusal);
    }
    let http3 = config.http_version.contains('3');
    if http3 && !config.continuous_deployment_policy_id.is_empty() {
        findings.refuse(CONFIG, "HttpVersion", ServiceError::invalid("HttpVersion"));
    }
    check_mtls(config, http3, findings);
    let header = config.cache_tag_config.as_ref().map(|tags| tags.header_name.as_str());
    if header.is_some_and(|name| !names::is_header_name(name)) {
        let place = &CONFIG.member("CacheTagConfig");
        findings.refuse(place, "HeaderName", ServiceError::invalid("HeaderName"));
    }
}

/// SSLv3 is older than the server name in a handshake.
pub(super) fn is_sslv3_for_sni(config: &DistributionConfig) -> bool {
    let certificate = &config.viewer_certificate;
    config.certificate() != Certificate::Default
        && certificate.ssl_support_method.as_deref() == Some("sni-only")
        && certificate.minimum_protocol_version.as_deref() == Some("SSLv3")
}

fn check_certificate(config: &DistributionConfig, findings: &mut Findings) {
    let certificate = &config.viewer_certificate;
    let sources = [
        given(certificate.acm_certificate_arn.as_ref()).is_some(),
        given(certificate.iam_certificate_id.as_ref()).is_some(),
        certificate.cloud_front_default_certificate,
    ];
    if sources.iter().filter(|given| **given).count() > 1 {
        let refusal = ServiceError::new(
            Code::InvalidViewerCertificate,
            "You cannot specify more than one of ACMCertificateArn, IAMCertificateId, or \
             CloudFrontDefaultCertificate.",
        );
        findings.refuse(CONFIG, "ViewerCertificate", refusal);
    }
    if let Certificate::Acm(arn) = config.certificate()
        && !is_certificate_arn(arn)
    {
        let refusal = ServiceError::new(
            Code::InvalidViewerCertificate,
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include \
             a valid certificate chain.",
        );
        findings.refuse(&CONFIG.member("ViewerCertificate"), "ACMCertificateArn", refusal);
    }
}

/// `arn:aws:acm:us-east-1:ACCOUNT:certificate/ID`.
fn is_certificate_arn(arn: &str) -> bool {
    let rest = arn.strip_prefix("arn:aws:acm:us-east-1:");
    rest.and_then(|rest| rest.split_once(":certificate/")).is_some_and(|(account, id)| {
        account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit()) && !id.is_empty()
    })
}

fn check_countries(config: &DistributionConfig, findings: &mut Findings) {
    let place = &CONFIG.member("Restrictions");
    let restriction = &config.restrictions.geo_restriction;
    let locations = &restriction.locations.items;
    if (restriction.restriction_type == "none") != locations.is_empty() {
        let refusal = ServiceError::new(
            Code::InvalidGeoRestrictionParameter,
            "The specified geo restriction parameter is not valid.",
        );
        findings.refuse(place, "GeoRestriction", refusal);
    }
    for (index, location) in locations.iter().enumerate() {
        if !countries::is_code(location) {
            let refusal =
                ServiceError::new(Code::InvalidLocationCode, "The location code specified is not valid.");
            findings.refuse_whole(&place.item("GeoRestriction", index), refusal);
        }
    }
}

/// An ARN of AWS WAF of global scope, an id of WAF Classic, or nothing.
fn check_web_acl(id: &str) -> Result<(), ServiceError> {
    let classic = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if id.is_empty() || classic {
        return Ok(());
    }
    let parts: Vec<_> = id.splitn(6, ':').collect();
    let text = match parts.as_slice() {
        ["arn", "aws", "wafv2", "us-east-1", account, resource] => {
            let account = account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit());
            let resource: Vec<_> = resource.split('/').collect();
            match resource.as_slice() {
                ["global", "webacl", name, id] if account && !name.is_empty() && !id.is_empty() => {
                    return Ok(());
                }
                ["regional", "webacl", _, _] => "Only global scoped ARNs are supported",
                _ => INVALID_WEB_ACL,
            }
        }
        ["arn", "aws", "wafv2", ..] => "Only global scoped ARNs are supported",
        _ => INVALID_WEB_ACL,
    };
    Err(ServiceError::new(Code::InvalidWebACLId, text))
}

const INVALID_WEB_ACL: &str = "A web ACL ID specified is not valid. To specify a web ACL created using the latest version of WAF, use the ACL ARN, \
     for example arn:aws:wafv2:us-east-1:123456789012:global/webacl/ExampleWebACL/473e64fd-f30b-4765-81a0-62ad96dd167a. \
     To specify a web ACL created using WAF Classic, use the ACL ID, for example \
     473e64fd-f30b-4765-81a0-62ad96dd167a.";

/// Viewers show a certificate over HTTPS, and not over QUIC; a connection function needs that they do (AWS: Mutual TLS
/// authentication).
fn check_mtls(config: &DistributionConfig, http3: bool, findings: &mut Findings) {
    let mtls = config.viewer_mtls_config.as_ref();
    let trust = mtls.and_then(|mtls| mtls.trust_store_config.as_ref());
    let trusts = trust.is_some_and(|trust| !trust.trust_store_id.is_empty());
    let place = &CONFIG.member("ViewerMtlsConfig");
    if let Some(mtls) = mtls {
        if !trusts && mtls.mode.as_deref() != Some("passthrough") {
            findings.refuse(place, "TrustStoreConfig", ServiceError::required("TrustStoreConfig"));
        }
        if http3 {
            findings.refuse(CONFIG, "HttpVersion", ServiceError::invalid("HttpVersion"));
        }
        for (place, behavior) in config.places() {
            if behavior.viewer_protocol_policy == "allow-all" {
                let refusal = ServiceError::invalid("ViewerProtocolPolicy");
                findings.refuse(&place, "ViewerProtocolPolicy", refusal);
            }
        }
    }
    if config.connection_function_association.is_some() && !trusts {
        let refusal = ServiceError::invalid("ConnectionFunctionAssociation");
        findings.refuse(CONFIG, "ConnectionFunctionAssociation", refusal);
    }
}
