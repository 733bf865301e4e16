//! Certificates of clients (mutual TLS): who is asked for one, and which are accepted.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme,
};

use super::error::TlsError;

/// How many certificates of one chain may have expired where that is accepted. rustls takes no longer chains.
const MOST_EXPIRED: usize = 8;

/// Whether clients show certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClientCertificates {
    /// They are not asked for one.
    #[default]
    NotAsked,
    /// They may show one, which one of these authorities must have signed.
    Optional(ClientAuthorities),
    /// They must show one that one of these authorities has signed.
    Required(ClientAuthorities),
    /// They may show any one whose key they have. Whether it is trusted is for what comes later to decide.
    Unchecked,
}

/// Who signs certificates of clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClientAuthorities {
    /// The certificates of the authorities.
    pub certificates: Arc<[CertificateDer<'static>]>,
    /// Clients are told their names, so that they can choose a certificate (RFC 8446, section 4.2.4).
    pub named: bool,
    /// Certificates that have expired are accepted.
    pub accept_expired: bool,
}

impl ClientCertificates {
    /// What checks the certificates; `None` where clients are not asked for one.
    pub(super) fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsError> {
        Ok(match self {
            ClientCertificates::NotAsked => None,
            ClientCertificates::Optional(authorities) => Some(authorities.verifier(provider, false)?),
            ClientCertificates::Required(authorities) => Some(authorities.verifier(provider, true)?),
            ClientCertificates::Unchecked => {
                Some(Arc::new(Unchecked(provider.signature_verification_algorithms)))
            }
        })
    }
}

impl ClientAuthorities {
    fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
        required: bool,
    ) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
        let mut roots = RootCertStore::empty();
        for authority in self.certificates.iter() {
            roots.add(authority.clone())?;
        }
        let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        if !required {
            builder = builder.allow_unauthenticated();
        }
        if !self.named {
            builder = builder.clear_root_hint_subjects();
        }
        let verifier = builder.build()?;
        Ok(if self.accept_expired { Arc::new(AcceptingExpired(verifier)) } else { verifier })
    }
}

/// Accepts certificates that were valid once.
#[derive(Debug)]
struct AcceptingExpired(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for AcceptingExpired {
    fn client_auth_mandatory(&self) -> bool {
        self.0.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    /// Goes back to the last moment of a certificate that has expired, and checks the chain as of then.
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let mut moment = now;
        for _ in 0..MOST_EXPIRED {
            match self.0.verify_client_cert(end_entity, intermediates, moment) {
                Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }))
                    if not_after < moment =>
                {
                    moment = not_after;
                }
                checked => return checked,
            }
        }
        self.0.verify_client_cert(end_entity, intermediates, moment)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Accepts any certificate, and no certificate. That the client has its key is still proved by its signature of the
/// handshake.
#[derive(Debug)]
struct Unchecked(WebPkiSupportedAlgorithms);

impl ClientCertVerifier for Unchecked {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
