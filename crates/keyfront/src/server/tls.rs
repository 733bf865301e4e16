//! TLS with a given certificate, on rustls.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::{TlsSettings, read_secret};
use crate::failure::Failure;

/// An acceptor for HTTP/2 and HTTP/1.1.
pub(crate) fn acceptor(settings: &TlsSettings) -> Result<TlsAcceptor, Failure> {
    let TlsSettings { certificate, private_key } = settings;
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain
        .map_err(|error| Failure::because(format!("{} cannot be read", certificate.display()), &error))?;
    if chain.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", certificate.display())));
    }
    let key = PrivateKeyDer::from_pem_slice(&read_secret(private_key)?).map_err(|error| {
        Failure::because(format!("{} holds no private key in PEM", private_key.display()), &error)
    })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let unusable = |error: rustls::Error| {
        Failure::because(format!("the certificate {} cannot be used", certificate.display()), &error)
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
