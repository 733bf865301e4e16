//! Why a certificate or a key cannot be used.

use rustls::pki_types::pem;
use rustls::server::VerifierBuilderError;

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
    /// The authorities of clients are none that certificates can be checked against.
    #[error("certificates of clients cannot be checked against these authorities")]
    Authorities(#[from] VerifierBuilderError),
    /// The two do not belong together, or rustls supports neither.
    #[error("the certificate cannot be used with this key")]
    Unusable(#[from] rustls::Error),
}
