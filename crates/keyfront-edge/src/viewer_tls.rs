//! How viewers of a distribution are met over TLS, as far as its configuration says.
//!
//! Certificates and keys are the listener's: this names the certificate and what it is served with. Cipher suites of a
//! security policy are not told apart, since rustls has only those that the strictest policies have.

use keyfront_domain::distribution::{Certificate, DistributionConfig};
use keyfront_domain::trust_store::CaCertificates;
use keyfront_http::{ClientAuthorities, ClientCertificates};

/// What the viewers of a distribution are met with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerTlsSettings {
    /// The ARN of ACM or the id of IAM of the certificate; `None` for CloudFront's own.
    pub certificate: Option<String>,
    /// TLS 1.3 alone (AWS: "Supported protocols and ciphers between viewers and CloudFront").
    pub tls13_only: bool,
    /// HTTP/2 is offered.
    pub http2: bool,
    /// Whether viewers show certificates (`ViewerMtlsConfig`).
    pub client_certificates: ClientCertificates,
    /// A connection function decides about viewers, which is not run here.
    pub connection_function: bool,
}

impl ViewerTlsSettings {
    /// Reads a configuration, with the certificates of the trust store that it names.
    pub(crate) fn of(config: &DistributionConfig, authorities: CaCertificates) -> ViewerTlsSettings {
        let viewer = &config.viewer_certificate;
        let certificate = match viewer.certificate() {
            Certificate::Default => None,
            Certificate::Acm(name) | Certificate::Iam(name) => Some(name.to_owned()),
        };
        // With CloudFront's own certificate the security policy is TLSv1, whatever is said.
        let policy = certificate.as_ref().and(viewer.minimum_protocol_version.as_deref());
        ViewerTlsSettings {
            tls13_only: policy.is_some_and(|policy| policy.starts_with("TLSv1.3")),
            http2: matches!(config.http_version.as_str(), "http2" | "http2and3"),
            client_certificates: client_certificates(config, authorities),
            connection_function: config.connection_function_association.is_some(),
            certificate,
        }
    }
}

/// Whether viewers show certificates. Without a word of the mode they must: it is the mode that AWS's guide begins with,
/// and lets no viewer in by mistake.
fn client_certificates(config: &DistributionConfig, authorities: CaCertificates) -> ClientCertificates {
    let Some(mtls) = &config.viewer_mtls_config else { return ClientCertificates::NotAsked };
    let trust = mtls.trust_store_config.as_ref();
    let authorities = ClientAuthorities {
        certificates: authorities.into_certificates().into(),
        named: trust.is_some_and(|trust| trust.advertise_trust_store_ca_names),
        accept_expired: trust.is_some_and(|trust| trust.ignore_certificate_expiry),
    };
    match mtls.mode.as_deref() {
        Some("passthrough") => ClientCertificates::Unchecked,
        Some("optional") => ClientCertificates::Optional(authorities),
        _ => ClientCertificates::Required(authorities),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_configuration_says_what_viewers_are_met_with() {
        let arn = "arn:aws:acm:us-east-1:111122223333:certificate/54947df8";
        for (viewer, http, certificate, tls13_only, http2) in [
            (json!({ "CloudFrontDefaultCertificate": true }), "http2", None, false, true),
            (
                json!({ "CloudFrontDefaultCertificate": true, "MinimumProtocolVersion": "TLSv1.3_2025" }),
                "http2and3",
                None,
                false,
                true,
            ),
            (
                json!({ "ACMCertificateArn": arn, "MinimumProtocolVersion": "TLSv1.3_2025" }),
                "http1.1",
                Some(arn),
                true,
                false,
            ),
            (
                json!({ "IAMCertificateId": "ASCA1", "MinimumProtocolVersion": "TLSv1.2_2021" }),
                "http3",
                Some("ASCA1"),
                false,
                false,
            ),
        ] {
            let config = DistributionConfig {
                viewer_certificate: serde_json::from_value(viewer.clone()).unwrap(),
                http_version: http.to_owned(),
                ..DistributionConfig::default()
            };
            let expected = ViewerTlsSettings {
                certificate: certificate.map(str::to_owned),
                tls13_only,
                http2,
                client_certificates: ClientCertificates::NotAsked,
                connection_function: false,
            };
            assert_eq!(ViewerTlsSettings::of(&config, CaCertificates::default()), expected, "{viewer}");
        }
    }

    #[test]
    fn a_configuration_says_whether_viewers_show_certificates() {
        let authorities = CaCertificates::from_value(&json!(["MAA="]));
        let with = |named, accept_expired| ClientAuthorities {
            certificates: authorities.clone().into_certificates().into(),
            named,
            accept_expired,
        };
        let trust = json!({ "TrustStoreId": "ts_1" });
        let open = json!({
            "TrustStoreId": "ts_1", "AdvertiseTrustStoreCaNames": true, "IgnoreCertificateExpiry": true,
        });
        for (mtls, expected) in [
            (
                json!({ "Mode": "required", "TrustStoreConfig": trust }),
                ClientCertificates::Required(with(false, false)),
            ),
            (json!({ "TrustStoreConfig": trust }), ClientCertificates::Required(with(false, false))),
            (
                json!({ "Mode": "required", "TrustStoreConfig": open }),
                ClientCertificates::Required(with(true, true)),
            ),
            (
                json!({ "Mode": "optional", "TrustStoreConfig": trust }),
                ClientCertificates::Optional(with(false, false)),
            ),
            (json!({ "Mode": "passthrough" }), ClientCertificates::Unchecked),
        ] {
            let config = DistributionConfig {
                viewer_mtls_config: Some(serde_json::from_value(mtls.clone()).unwrap()),
                ..DistributionConfig::default()
            };
            let settings = ViewerTlsSettings::of(&config, authorities.clone());
            assert_eq!(settings.client_certificates, expected, "{mtls}");
        }
    }
}
