//! TLS on rustls: with one certificate, or with one for each name that clients ask for.

mod client_certificates;
mod error;
mod facts;
mod settings;

use std::io;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};

pub use client_certificates::{ClientAuthorities, ClientCertificates};
pub use error::TlsError;
pub use facts::TlsFacts;
pub use settings::{TlsSettings, TlsVersion};

/// The fatal alert `handshake_failure` as a record of its own (RFC 8446, sections 5.1 and 6.2): what a client gets whose
/// name has no certificate. rustls makes alerts only for connections that have settings.
const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// Accepts TLS connections for HTTP/2 and HTTP/1.1. What it accepts them with can be replaced while it serves.
#[derive(Clone)]
pub struct Tls(Arc<ArcSwap<Choice>>);

/// With what a connection is accepted.
enum Choice {
    /// Always with the same.
    One(Arc<ServerConfig>),
    /// By the name that the client asks for.
    ByName(Box<FindByName>),
}

type FindByName = dyn Fn(Option<&str>) -> Option<Arc<ServerConfig>> + Send + Sync;

impl Tls {
    /// Takes one certificate with the chain behind it, and its private key, both PEM.
    pub fn from_pem(certificates: &[u8], private_key: &[u8]) -> Result<Tls, TlsError> {
        let settings = TlsSettings::default().build(certificates, private_key)?;
        Ok(Tls::of(Choice::One(settings)))
    }

    /// Asks `find` for the settings of each connection, with the name that the client asks for (SNI, RFC 6066, section
    /// 3), in lower case; `None` for a client that names none. A client for which there are no settings gets the alert
    /// `handshake_failure`. `find` runs in between other connections, so it must not wait; making a key takes it a
    /// fraction of a millisecond, which is short enough.
    pub fn by_name(find: impl Fn(Option<&str>) -> Option<Arc<ServerConfig>> + Send + Sync + 'static) -> Tls {
        Tls::of(Choice::ByName(Box::new(find)))
    }

    fn of(choice: Choice) -> Tls {
        Tls(Arc::new(ArcSwap::from_pointee(choice)))
    }

    /// Takes what another one accepts with, here and in all clones. Connections that are there keep what they have.
    pub fn replace_by(&self, other: &Tls) {
        self.0.store(other.0.load_full());
    }

    /// Performs the handshake.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let choice = self.0.load_full();
        let find = match &*choice {
            Choice::One(settings) => return TlsAcceptor::from(Arc::clone(settings)).accept(stream).await,
            Choice::ByName(find) => find,
        };
        let mut start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let name = start.client_hello().server_name().map(str::to_ascii_lowercase);
        if let Some(settings) = find(name.as_deref()) {
            return start.into_stream(settings).await;
        }
        start.io.write_all(&HANDSHAKE_FAILURE).await?;
        start.io.shutdown().await?;
        let name = name.unwrap_or_default();
        Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no certificate for {name:?}")))
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
