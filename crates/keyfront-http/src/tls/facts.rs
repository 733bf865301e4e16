//! What was agreed on in a TLS handshake, in the words that logs and headers have for it.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{CipherSuite, ProtocolVersion, ServerConnection};

/// What was agreed on in the TLS handshake of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// The name that the client asked for (SNI), in lower case.
    pub server_name: Option<String>,
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// The cipher suite as OpenSSL spells it, such as `ECDHE-RSA-AES128-GCM-SHA256`.
    pub cipher: &'static str,
    /// The client's certificate and the chain behind it, checked as [`ClientCertificates`](crate::ClientCertificates)
    /// says; empty where it showed none.
    pub client_certificates: Arc<[CertificateDer<'static>]>,
}

impl TlsFacts {
    /// Reads them from a connection whose handshake is done.
    pub(crate) fn of(connection: &ServerConnection) -> TlsFacts {
        let certificates = connection.peer_certificates().unwrap_or_default();
        TlsFacts {
            server_name: connection.server_name().map(str::to_ascii_lowercase),
            version: connection.protocol_version().map_or("", |version| name_of(&VERSIONS, version)),
            cipher: connection.negotiated_cipher_suite().map_or("", |suite| name_of(&CIPHERS, suite.suite())),
            client_certificates: certificates.iter().map(|one| one.clone().into_owned()).collect(),
        }
    }
}

/// The versions that rustls has, by the names of logs.
const VERSIONS: [(ProtocolVersion, &str); 2] =
    [(ProtocolVersion::TLSv1_2, "TLSv1.2"), (ProtocolVersion::TLSv1_3, "TLSv1.3")];

/// The names that OpenSSL has for cipher suites (openssl-ciphers(1)), which are CloudFront's too ("Supported protocols
/// and ciphers between viewers and CloudFront"). The suites are all that rustls has with aws-lc.
const CIPHERS: [(CipherSuite, &str); 9] = [
    (CipherSuite::TLS13_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256"),
    (CipherSuite::TLS13_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384"),
    (CipherSuite::TLS13_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256"),
    (CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    (CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384"),
    (CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    (CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256"),
    (CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384"),
    (CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305"),
];

/// The name of a value in a table; empty for one that is not in it.
fn name_of<T: Copy + PartialEq>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(known, _)| *known == value).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_that_can_be_agreed_on_has_openssls_name() {
        for suite in rustls::crypto::aws_lc_rs::ALL_CIPHER_SUITES {
            let name = name_of(&CIPHERS, suite.suite());
            assert!(!name.is_empty(), "{suite:?}");
            // The same words in the same order, whatever stands between them.
            let own = format!("{:?}", suite.suite()).replace("TLS13", "TLS").replace("_WITH", "");
            let (own, name) = (own.replace('_', ""), name.replace(['-', '_'], ""));
            assert!(
                own.trim_start_matches("TLS").starts_with(name.trim_start_matches("TLS")),
                "{own} {name}"
            );
        }
    }
}
