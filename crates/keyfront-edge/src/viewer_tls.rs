//! How viewers of a distribution are met over TLS, as far as its configuration says.
//!
//! Certificates and keys are the listener's: this names the certificate and what it is served with. Cipher suites of a
//! security policy are not told apart, since rustls has only those that the strictest policies have.

use keyfront_domain::distribution::{Certificate, DistributionConfig};

/// What the viewers of a distribution are met with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerTlsSettings {
    /// The ARN of ACM or the id of IAM of the certificate; `None` for CloudFront's own.
    pub certificate: Option<String>,
    /// TLS 1.3 alone (AWS: "Supported protocols and ciphers between viewers and CloudFront").
    pub tls13_only: bool,
    /// HTTP/2 is offered.
    pub http2: bool,
    /// Viewers must show a certificate (`ViewerMtlsConfig`).
    pub needs_client_certificate: bool,
}

impl ViewerTlsSettings {
    /// Reads a configuration.
    pub(crate) fn of(config: &DistributionConfig) -> ViewerTlsSettings {
        let viewer = &config.viewer_certificate;
        let certificate = match viewer.certificate() {
            Certificate::Default => None,
            Certificate::Acm(name) | Certificate::Iam(name) => Some(name.to_owned()),
        };
        // With CloudFront's own certificate the security policy is TLSv1, whatever is said.
        let policy = certificate.as_ref().and(viewer.minimum_protocol_version.as_deref());
        let mtls = config.viewer_mtls_config.as_ref().and_then(|mtls| mtls.mode.as_deref());
        ViewerTlsSettings {
            tls13_only: policy.is_some_and(|policy| policy.starts_with("TLSv1.3")),
            http2: matches!(config.http_version.as_str(), "http2" | "http2and3"),
            needs_client_certificate: mtls == Some("required"),
            certificate,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_configuration_says_what_viewers_are_met_with() {
        let arn = "arn:aws:acm:us-east-1:111122223333:certificate/54947df8";
        for (viewer, http, mode, certificate, tls13_only, http2, needs) in [
            (json!({ "CloudFrontDefaultCertificate": true }), "http2", None, None, false, true, false),
            (
                json!({ "CloudFrontDefaultCertificate": true, "MinimumProtocolVersion": "TLSv1.3_2025" }),
                "http2and3",
                None,
                None,
                false,
                true,
                false,
            ),
            (
                json!({ "ACMCertificateArn": arn, "MinimumProtocolVersion": "TLSv1.3_2025" }),
                "http1.1",
                Some("required"),
                Some(arn),
                true,
                false,
                true,
            ),
            (
                json!({ "IAMCertificateId": "ASCA1", "MinimumProtocolVersion": "TLSv1.2_2021" }),
                "http3",
                Some("optional"),
                Some("ASCA1"),
                false,
                false,
                false,
            ),
        ] {
            let config = DistributionConfig {
                viewer_certificate: serde_json::from_value(viewer.clone()).unwrap(),
                http_version: http.to_owned(),
                viewer_mtls_config: mode.map(|mode| serde_json::from_value(json!({ "Mode": mode })).unwrap()),
                ..DistributionConfig::default()
            };
            let expected = ViewerTlsSettings {
                certificate: certificate.map(str::to_owned),
                tls13_only,
                http2,
                needs_client_certificate: needs,
            };
            assert_eq!(ViewerTlsSettings::of(&config), expected, "{viewer}");
        }
    }
}
