//! TLS with a given certificate, on rustls.

use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Accepts TLS connections for HTTP/2 and HTTP/1.1 with one certificate, which can be replaced while it serves.
#[derive(Clone)]
pub struct Tls(Arc<ArcSwap<ServerConfig>>);

/// A certificate or a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file is not PEM.
    #[error("the certificate file is not valid PEM")]
    Certificate(#[source] pem::Error),
    /// The certificate file holds nothing.
    #[error("the certificate file holds no certificate")]
    NoCertificate,
    /// No private key can be read from the PEM.
    #[error("the key file holds no private key in PEM")]
    PrivateKey(#[source] pem::Error),
    /// The certificate is none that TLS can use.
    #[error("the certificate cannot be read")]
    Unreadable(#[source] webpki::Error),
    /// The two do not belong together, or rustls supports neither.
    #[error("the certificate cannot be used with this key")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// Takes a certificate with the chain behind it, and its private key, both PEM.
    pub fn from_pem(certificates: &[u8], private_key: &[u8]) -> Result<Tls, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(TlsError::Certificate)?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(private_key).map_err(TlsError::PrivateKey)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Tls(Arc::new(ArcSwap::from_pointee(config))))
    }

    /// Takes another one's certificate, here and in all clones. Connections that are there keep the old one.
    pub fn replace_by(&self, other: &Tls) {
        self.0.store(other.0.load_full());
    }

    /// Performs the handshake.
    pub(crate) async fn accept<S>(&self, stream: S) -> std::io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        TlsAcceptor::from(self.0.load_full()).accept(stream).await
    }
}

/// The DNS names that the first certificate in a PEM file is for, wildcards included.
pub fn dns_names(certificates: &[u8]) -> Result<Vec<String>, TlsError> {
    let certificate = CertificateDer::pem_slice_iter(certificates).next().ok_or(TlsError::NoCertificate)?;
    let certificate = certificate.map_err(TlsError::Certificate)?;
    let certificate = webpki::EndEntityCert::try_from(&certificate).map_err(TlsError::Unreadable)?;
    Ok(certificate.valid_dns_names().map(str::to_owned).collect())
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}
