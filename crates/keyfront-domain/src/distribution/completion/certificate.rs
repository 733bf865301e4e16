//! What the service fills in for the certificate that viewers see.

use serde_json::{Map, Value, json};

use super::{Kind, drop_empty_text, section};

pub(super) fn complete(config: &mut Map<String, Value>, kind: Kind) {
    let Some(certificate) = section(config, "ViewerCertificate") else { return };
    for text in ["ACMCertificateArn", "IAMCertificateId", "Certificate", "SSLSupportMethod"] {
        drop_empty_text(certificate, text);
    }
    name_by_source(certificate);
    let text = |member: &str| certificate.get(member).and_then(Value::as_str).map(str::to_owned);
    let default = certificate.get("CloudFrontDefaultCertificate") == Some(&Value::Bool(true));
    let (source, name) = match (text("ACMCertificateArn"), text("IAMCertificateId")) {
        (None, None) => return whole_default(certificate, kind),
        (Some(arn), None) if !default => ("acm", arn),
        (None, Some(id)) if !default => ("iam", id),
        // More than one of them is refused, so it stays as it is.
        (Some(_), _) | (None, Some(_)) => return,
    };
    certificate.insert("CloudFrontDefaultCertificate".to_owned(), json!(false));
    certificate.insert("Certificate".to_owned(), name.into());
    certificate.insert("CertificateSource".to_owned(), json!(source));
    certificate.entry("MinimumProtocolVersion").or_insert_with(|| match kind {
        Kind::Standard => json!("TLSv1"),
        Kind::MultiTenant => json!("TLSv1.2_2021"),
    });
}

/// Before there was a member for each source, `Certificate` had the name and `CertificateSource` the source. The
/// members of today win.
fn name_by_source(certificate: &mut Map<String, Value>) {
    let given = |member: &str| certificate.contains_key(member);
    let default = certificate.get("CloudFrontDefaultCertificate") == Some(&Value::Bool(true));
    if given("ACMCertificateArn") || given("IAMCertificateId") || default {
        return;
    }
    let member = match certificate.get("CertificateSource").and_then(Value::as_str) {
        Some("acm") => "ACMCertificateArn",
        Some("iam") => "IAMCertificateId",
        Some(_) | None => return,
    };
    if let Some(name) = certificate.get("Certificate").cloned() {
        certificate.insert(member.to_owned(), name);
    }
}

/// CloudFront's own certificate, with CloudFront's own settings whatever was sent.
fn whole_default(certificate: &mut Map<String, Value>, kind: Kind) {
    let method = match kind {
        Kind::Standard => "vip",
        Kind::MultiTenant => "sni-only",
    };
    *certificate = [
        ("CloudFrontDefaultCertificate", json!(true)),
        ("SSLSupportMethod", json!(method)),
        ("MinimumProtocolVersion", json!("TLSv1")),
        ("CertificateSource", json!("cloudfront")),
    ]
    .map(|(member, value)| (member.to_owned(), value))
    .into_iter()
    .collect();
}
