//! What the edge shows of itself to origins (AWS: "Origin mutual TLS with CloudFront").

use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::origin::settings::ClientCertificate;

/// A certificate that is shown to every origin that asks for one.
pub(super) type Identity = Arc<dyn ResolvesClientCert>;

/// Reads certificate and key.
///
/// # Errors
/// Why they cannot be used, in words that hold nothing of the key.
pub(super) fn identity(pem: &ClientCertificate, provider: &CryptoProvider) -> Result<Identity, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem.chain).collect();
    let chain = chain.map_err(|error| error.to_string())?;
    if chain.is_empty() {
        return Err("the certificate file holds no certificate".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(&pem.private_key)
        .map_err(|_error| "the key file holds no private key in PEM".to_owned())?;
    let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| error.to_string())?;
    Ok(Arc::new(SingleCertAndKey::from(certified)))
}
