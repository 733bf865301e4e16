//! TLS with servers that this program asks: the authorities of the system, and those of the configuration.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::failure::Failure;

/// What is accepted in a handshake. `setting` is what the configuration calls the files.
///
/// # Errors
/// A file has no certificate, or nothing is trusted at all.
pub(crate) fn client_config(setting: &str, files: &[PathBuf]) -> Result<Arc<ClientConfig>, Failure> {
    let mut roots = RootCertStore::empty();
    let _added = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for path in files {
        let why = || format!("{setting}: {}", path.display());
        let pem = std::fs::read(path).map_err(|error| Failure::because(why(), &error))?;
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let found = found.map_err(|error| Failure::because(why(), &error))?;
        if found.is_empty() {
            return Err(Failure::new(format!("{} has no certificate", why())));
        }
        for certificate in found {
            roots.add(certificate).map_err(|error| Failure::because(why(), &error))?;
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::because(setting, &error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
