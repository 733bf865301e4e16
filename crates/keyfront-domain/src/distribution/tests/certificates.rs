//! What the service fills in for certificates.

use serde_json::json;

use super::bodies::aws_cli;
use super::{completed, with};

#[test]
fn a_certificate_is_shown_with_its_source() {
    let default = json!({
        "CloudFrontDefaultCertificate": true,
        "SSLSupportMethod": "vip",
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    });
    let own = |member: &str, name: &str, source: &str, version: &str| {
        json!({
            "CloudFrontDefaultCertificate": false,
            member: name,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": version,
            "Certificate": name,
            "CertificateSource": source,
        })
    };
    let both = json!({ "ACMCertificateArn": "arn", "IAMCertificateId": "id" });
    let (acm, iam) = ("ACMCertificateArn", "IAMCertificateId");
    for (sent, expected) in [
        (json!({}), default.clone()),
        (json!({ "CloudFrontDefaultCertificate": false }), default.clone()),
        (json!({ "CloudFrontDefaultCertificate": true, "MinimumProtocolVersion": "SSLv3" }), default.clone()),
        (json!({ "CloudFrontDefaultCertificate": true, acm: "", iam: "" }), default.clone()),
        (json!({ acm: "arn", "SSLSupportMethod": "sni-only" }), own(acm, "arn", "acm", "TLSv1")),
        (
            json!({ acm: "arn", iam: "", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021" }),
            own(acm, "arn", "acm", "TLSv1.2_2021"),
        ),
        (
            json!({ iam: "ASCA", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1" }),
            own(iam, "ASCA", "iam", "TLSv1"),
        ),
        // The members of old, alone and beside a newer one that was changed.
        (
            json!({ "Certificate": "arn", "CertificateSource": "acm", "SSLSupportMethod": "sni-only" }),
            own(acm, "arn", "acm", "TLSv1"),
        ),
        (
            json!({
                acm: "new", "Certificate": "old", "CertificateSource": "acm", "SSLSupportMethod": "sni-only",
                "MinimumProtocolVersion": "TLSv1",
            }),
            own(acm, "new", "acm", "TLSv1"),
        ),
        (
            json!({ "CloudFrontDefaultCertificate": true, "Certificate": "old", "CertificateSource": "acm" }),
            default,
        ),
        (both.clone(), both),
    ] {
        let config = completed(with(aws_cli(), &[("ViewerCertificate", sent.clone())]));
        assert_eq!(config["ViewerCertificate"], expected, "{sent}");
    }
}
