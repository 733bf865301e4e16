//! What a certificate is served with: versions of TLS and HTTP, and whether clients show certificates too.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};

use super::client_certificates::ClientCertificates;
use super::error::TlsError;

/// What a certificate is served with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TlsSettings {
    /// The lowest version of TLS that is accepted. rustls has nothing below 1.2.
    pub least_version: TlsVersion,
    /// HTTP/2 is offered beside HTTP/1.1.
    pub http2: bool,
    /// Whether clients show certificates.
    pub client_certificates: ClientCertificates,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    V1_2,
    /// TLS 1.3 (RFC 8446).
    V1_3,
}

impl Default for TlsSettings {
    /// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1, no certificates of clients.
    fn default() -> Self {
        TlsSettings {
            least_version: TlsVersion::V1_2,
            http2: true,
            client_certificates: ClientCertificates::NotAsked,
        }
    }
}

impl TlsSettings {
    /// Makes what rustls serves with: a certificate with the chain behind it, and its private key, both PEM.
    pub fn build(&self, certificates: &[u8], private_key: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
        let chain = read_certificates(certificates)?;
        let key = PrivateKeyDer::from_pem_slice(private_key).map_err(TlsError::PrivateKey)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(self.versions())?;
        let builder = match self.client_certificates.verifier(&provider)? {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder.with_single_cert(chain, key)?;
        let protocols: &[&[u8]] = if self.http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(Arc::new(config))
    }

    fn versions(&self) -> &'static [&'static SupportedProtocolVersion] {
        static BOTH: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS13, &rustls::version::TLS12];
        static NEWER: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];
        match self.least_version {
            TlsVersion::V1_2 => &BOTH,
            TlsVersion::V1_3 => &NEWER,
        }
    }
}

fn read_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(TlsError::Certificate)?;
    if certificates.is_empty() { Err(TlsError::NoCertificate) } else { Ok(certificates) }
}
