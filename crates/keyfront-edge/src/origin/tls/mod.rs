//! TLS with origins: who signs certificates, which names they must have, and which certificate the edge shows itself.
//!
//! TLS 1.2 and 1.3 are spoken. Origins that a distribution allows older versions for are asked with these too, as
//! CloudFront takes the newest one that both sides know.

mod client_certificate;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::exchange::OriginFailure;
use super::settings::{ClientCertificate, OriginSettingsError};
use client_certificate::{Identity, identity};

/// What is asked for, accepted and shown in a handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TlsNames {
    /// The name that is asked for.
    pub(super) sni: String,
    /// The names of which the certificate must have one, in lower case; one with `*.` stands for itself and for what a
    /// certificate with it would be valid for.
    pub(super) accepted: Vec<String>,
    /// The certificate that the edge shows where the origin asks for one, by the ARN that the distribution names.
    pub(super) shown: Option<String>,
}

/// The client side of TLS.
pub(super) struct Tls {
    /// Authorities beside those of the system.
    authorities: Vec<CertificateDer<'static>>,
    /// What the edge shows of itself, by ARN.
    identities: HashMap<String, Identity>,
    /// Made for the first origin over HTTPS: reading the system's authorities takes a while.
    configs: OnceCell<Configs>,
}

/// With what origins are met.
struct Configs {
    /// Without a certificate.
    anonymous: Offers,
    /// With one, by its ARN.
    identified: HashMap<String, Offers>,
}

/// One for each version of HTTP: a server chooses among those that it is offered.
struct Offers {
    http1: Arc<ClientConfig>,
    http2: Arc<ClientConfig>,
}

impl Tls {
    /// Reads the files of further authorities, and the certificates that the edge shows.
    pub(super) fn new(
        files: &[PathBuf],
        shown: &BTreeMap<String, ClientCertificate>,
    ) -> Result<Tls, OriginSettingsError> {
        let mut authorities = Vec::new();
        for path in files {
            authorities.extend(certificates(path)?);
        }
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let mut identities = HashMap::new();
        for (arn, certificate) in shown {
            let identity = identity(certificate, &provider)
                .map_err(|cause| OriginSettingsError::ClientCertificate { arn: arn.clone(), cause })?;
            identities.insert(arn.clone(), identity);
        }
        Ok(Tls { authorities, identities, configs: OnceCell::new() })
    }

    /// A handshake, and the certificate's names checked before anything is sent.
    pub(super) async fn connect(
        &self,
        host: &str,
        names: &TlsNames,
        http2: bool,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, OriginFailure> {
        let failure = |text: String| OriginFailure::Tls(host.to_owned(), text);
        let configs = self.configs().await.map_err(failure)?;
        let offers = match &names.shown {
            None => &configs.anonymous,
            // Without it the origin would be asked as another client than the distribution says.
            Some(arn) => configs.identified.get(arn).ok_or_else(|| failure(not_here(arn)))?,
        };
        let config = Arc::clone(if http2 { &offers.http2 } else { &offers.http1 });
        let sni = ServerName::try_from(names.sni.clone())
            .map_err(|_not_a_name| failure(format!("{} is not a name of a server", names.sni)))?;
        let stream = TlsConnector::from(config)
            .connect(sni, stream)
            .await
            .map_err(|error| failure(error.to_string()))?;
        let (_, session) = stream.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        let certificate = certificate.ok_or_else(|| failure("it sent no certificate".to_owned()))?;
        check_names(certificate, &names.accepted).map_err(failure)?;
        if http2 && session.alpn_protocol() != Some(b"h2") {
            return Err(failure("it does not speak HTTP/2".to_owned()));
        }
        Ok(stream)
    }

    async fn configs(&self) -> Result<&Configs, String> {
        let make = || async {
            let (authorities, identities) = (self.authorities.clone(), self.identities.clone());
            let made = tokio::task::spawn_blocking(move || client_configs(authorities, identities)).await;
            made.map_err(|error| error.to_string()).flatten()
        };
        self.configs.get_or_try_init(make).await
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, OriginSettingsError> {
    let failure = |cause: String| OriginSettingsError::CertificateAuthority { path: path.to_owned(), cause };
    let pem = std::fs::read(path).map_err(|error| failure(error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| failure(error.to_string()))?;
    if found.is_empty() { Err(failure("it has no certificate".to_owned())) } else { Ok(found) }
}

/// Why an origin is not asked whose certificate for the edge is missing.
fn not_here(arn: &str) -> String {
    format!(
        "the distribution shows it the certificate {arn}, which is not here; give it in [edge.client_certificates] of the \
         configuration"
    )
}

fn client_configs(
    authorities: Vec<CertificateDer<'static>>,
    identities: HashMap<String, Identity>,
) -> Result<Configs, String> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!(%error, "certificate authorities of the system cannot be read");
    }
    let _added = roots.add_parsable_certificates(system.certs);
    for authority in authorities {
        roots.add(authority).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("this system trusts no certificate authority".to_owned());
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = Arc::new(ChainVerifier { roots, algorithms: provider.signature_verification_algorithms });
    let anonymous = Offers::make(&provider, &verifier, None)?;
    let identified = identities.into_iter().map(|(arn, identity)| {
        let offers = Offers::make(&provider, &verifier, Some(identity))?;
        Ok::<_, String>((arn, offers))
    });
    Ok(Configs { anonymous, identified: identified.collect::<Result<_, _>>()? })
}

impl Offers {
    /// Each has sessions of its own to resume: one that began with a certificate is not for connections without it.
    fn make(
        provider: &Arc<CryptoProvider>,
        verifier: &Arc<ChainVerifier>,
        identity: Option<Identity>,
    ) -> Result<Offers, String> {
        let mut config = make_config(Arc::clone(provider), Arc::clone(verifier), identity)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let mut http2 = config.clone();
        http2.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Offers { http1: Arc::new(config), http2: Arc::new(http2) })
    }
}

fn make_config(
    provider: Arc<CryptoProvider>,
    verifier: Arc<ChainVerifier>,
    identity: Option<Identity>,
) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| error.to_string())?;
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    Ok(match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_cert_resolver(identity),
    })
}

/// Verifies everything of a certificate but its names, of which there may be several: [`check_names`] does that after
/// the handshake, for resumed sessions too.
#[derive(Debug)]
struct ChainVerifier {
    roots: RootCertStore,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for ChainVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        verify_server_cert_signed_by_trust_anchor(
            &certificate,
            &self.roots,
            intermediates,
            now,
            self.algorithms.all,
        )?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// A certificate is valid for one name of a list (AWS: the certificate has the domain name of the origin, or the name
/// in the `Host` header that is forwarded).
fn check_names(certificate: &CertificateDer<'_>, accepted: &[String]) -> Result<(), String> {
    let parsed = ParsedCertificate::try_from(certificate).map_err(|error| error.to_string())?;
    let valid_for = |name: &String| {
        let Some(pattern) = name.strip_prefix("*.") else {
            let name = ServerName::try_from(name.as_str());
            return name.is_ok_and(|name| verify_server_name(&parsed, &name).is_ok());
        };
        webpki::EndEntityCert::try_from(certificate).is_ok_and(|entity| {
            entity.valid_dns_names().any(|found| {
                let first_and_rest = found.split_once('.');
                first_and_rest.is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(pattern))
            })
        })
    };
    if accepted.iter().any(valid_for) {
        return Ok(());
    }
    Err(format!("its certificate is not valid for {}", accepted.join(" or ")))
}

#[cfg(test)]
pub(super) mod tests;
