//! TLS: handshakes, certificates by name, certificates of clients.

use std::sync::Arc;

use keyfront_http::{ClientAuthorities, ClientCertificates, Tls, TlsSettings, TlsVersion};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use crate::fixture::{Paths, Server, get, limits, tls};

const LOCALHOST: (&[u8], &[u8]) = (include_bytes!("certificate.pem"), include_bytes!("key.pem"));
const SITE: (&[u8], &[u8]) = (include_bytes!("site-certificate.pem"), include_bytes!("site-key.pem"));
/// It was valid in 2020.
const EXPIRED: (&[u8], &[u8]) =
    (include_bytes!("expired-certificate.pem"), include_bytes!("expired-key.pem"));

#[tokio::test(start_paused = true)]
async fn tls_is_agreed_on_with_http_2_first() {
    let server = Server::start(Paths::default(), Some(tls()), limits()).await;
    let mut config = trusting(include_bytes!("certificate.pem"));
    for (offered, agreed) in
        [(vec![b"http/1.1".to_vec(), b"h2".to_vec()], "h2"), (vec![b"http/1.1".to_vec()], "http/1.1")]
    {
        config.alpn_protocols = offered;
        let connector = TlsConnector::from(Arc::new(config.clone()));
        let name = ServerName::try_from("localhost").unwrap();
        let mut client = connector.connect(name, server.connect().await).await.unwrap();
        assert_eq!(client.get_ref().1.alpn_protocol(), Some(agreed.as_bytes()));
        if agreed == "http/1.1" {
            client.write_all(get("/peer").as_bytes()).await.unwrap();
            let mut answer = vec![0; 1024];
            let length = client.read(&mut answer).await.unwrap();
            assert!(String::from_utf8_lossy(&answer[..length]).ends_with("true"));
        }
    }
}

/// A client that trusts one certificate.
fn trusting(certificate: &[u8]) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(roots(certificate)).with_no_client_auth()
}

fn roots(certificate: &[u8]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate).unwrap()).unwrap();
    roots
}

#[tokio::test(start_paused = true)]
async fn a_replaced_certificate_counts_for_new_connections() {
    let tls = tls();
    let server = Server::start(Paths::default(), Some(tls.clone()), limits()).await;
    let (old, new) = (include_bytes!("certificate.pem"), include_bytes!("other-certificate.pem"));
    let connect = async |certificate: &[u8]| {
        let connector = TlsConnector::from(Arc::new(trusting(certificate)));
        connector.connect(ServerName::try_from("localhost").unwrap(), server.connect().await).await
    };
    let mut early = connect(old).await.unwrap();
    assert!(connect(new).await.is_err());
    tls.replace_by(&Tls::from_pem(new, include_bytes!("other-key.pem")).unwrap());
    assert!(connect(old).await.is_err());
    connect(new).await.unwrap();
    early.write_all(get("/peer").as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let length = early.read(&mut answer).await.unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
}

#[test]
fn a_certificate_and_a_key_that_do_not_fit_are_refused() {
    let (certificate, key) = (include_bytes!("certificate.pem"), include_bytes!("key.pem"));
    for (certificate, key, words) in [
        (&b""[..], &key[..], "holds no certificate"),
        (&certificate[..], b"", "holds no private key"),
        (certificate, include_bytes!("other-key.pem"), "cannot be used with this key"),
        (b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n", key, "not valid PEM"),
    ] {
        let error = Tls::from_pem(certificate, key).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

/// A server with a certificate for each of two names, one of them with TLS 1.3 and HTTP/1.1 alone.
async fn two_names() -> Server {
    let strict = TlsSettings { least_version: TlsVersion::V1_3, http2: false, ..TlsSettings::default() };
    let localhost = TlsSettings::default().build(LOCALHOST.0, LOCALHOST.1).unwrap();
    let site = strict.build(SITE.0, SITE.1).unwrap();
    let tls = Tls::by_name(move |name| match name {
        Some("localhost") => Some(Arc::clone(&localhost)),
        Some("site.test") => Some(Arc::clone(&site)),
        _ => None,
    });
    Server::start(Paths::default(), Some(tls), limits()).await
}

/// What the service sees of a client that asks for a name.
async fn ask(server: &Server, name: &str, config: ClientConfig) -> std::io::Result<String> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut client = TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await?;
    client.write_all(get("/tls").as_bytes()).await?;
    let mut answer = vec![0; 1024];
    let length = client.read(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    Ok(answer.lines().last().unwrap_or_default().to_owned())
}

fn with_version(certificate: &[u8], version: &'static SupportedProtocolVersion) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
    config.with_root_certificates(roots(certificate)).with_no_client_auth()
}

#[tokio::test(start_paused = true)]
async fn a_client_gets_the_certificate_and_the_settings_of_the_name_that_it_asks_for() {
    let server = two_names().await;
    let (tls12, tls13) = (&rustls::version::TLS12, &rustls::version::TLS13);
    for (name, certificate, version, seen) in [
        ("localhost", LOCALHOST.0, tls13, Some("localhost TLSv1.3 TLS_AES_256_GCM_SHA384 0")),
        ("LOCALHOST", LOCALHOST.0, tls12, Some("localhost TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384 0")),
        ("site.test", SITE.0, tls13, Some("site.test TLSv1.3 TLS_AES_256_GCM_SHA384 0")),
        ("site.test", SITE.0, tls12, None),
        ("site.test", LOCALHOST.0, tls13, None),
    ] {
        let answer = ask(&server, name, with_version(certificate, version)).await;
        assert_eq!(answer.ok().as_deref(), seen, "{name} {version:?}");
    }
    let mut offers_both = trusting(SITE.0);
    offers_both.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let connector = TlsConnector::from(Arc::new(offers_both));
    let name = ServerName::try_from("site.test").unwrap();
    let client = connector.connect(name, server.connect().await).await.unwrap();
    assert_eq!(client.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_name_without_a_certificate_ends_the_handshake_with_an_alert() {
    let server = two_names().await;
    let error = ask(&server, "elsewhere.test", trusting(SITE.0)).await.unwrap_err().to_string();
    assert!(error.contains("HandshakeFailure"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn clients_show_certificates_where_they_are_asked_for_them() {
    let trusted = [SITE.0, EXPIRED.0].map(|pem| CertificateDer::from_pem_slice(pem).unwrap());
    let authorities = ClientAuthorities { certificates: Arc::from(trusted), ..ClientAuthorities::default() };
    let lenient = ClientAuthorities { accept_expired: true, named: true, ..authorities.clone() };
    let none = || trusting(LOCALHOST.0);
    let signed = |(certificate, key): (&[u8], &[u8])| {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let chain = vec![CertificateDer::from_pem_slice(certificate).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key).unwrap();
        let config = config.unwrap().with_root_certificates(roots(LOCALHOST.0));
        config.with_client_auth_cert(chain, key).unwrap()
    };
    let shown = "localhost TLSv1.3 TLS_AES_256_GCM_SHA384 1";
    let not_shown = "localhost TLSv1.3 TLS_AES_256_GCM_SHA384 0";
    for (case, (client_certificates, client, seen)) in [
        (ClientCertificates::Required(authorities.clone()), signed(SITE), Some(shown)),
        (ClientCertificates::Required(authorities.clone()), signed(LOCALHOST), None),
        (ClientCertificates::Required(authorities.clone()), none(), None),
        (ClientCertificates::Optional(authorities.clone()), signed(SITE), Some(shown)),
        (ClientCertificates::Optional(authorities.clone()), none(), Some(not_shown)),
        (ClientCertificates::Optional(authorities.clone()), signed(LOCALHOST), None),
        (ClientCertificates::Required(authorities.clone()), signed(EXPIRED), None),
        (ClientCertificates::Required(lenient.clone()), signed(EXPIRED), Some(shown)),
        (ClientCertificates::Required(lenient.clone()), signed(SITE), Some(shown)),
        (ClientCertificates::Required(lenient), signed(LOCALHOST), None),
        (ClientCertificates::Unchecked, signed(LOCALHOST), Some(shown)),
        (ClientCertificates::Unchecked, none(), Some(not_shown)),
        (ClientCertificates::NotAsked, signed(SITE), Some(not_shown)),
    ]
    .into_iter()
    .enumerate()
    {
        let settings = TlsSettings { client_certificates, ..TlsSettings::default() };
        let config = settings.build(LOCALHOST.0, LOCALHOST.1).unwrap();
        let tls = Tls::by_name(move |_name| Some(Arc::clone(&config)));
        let server = Server::start(Paths::default(), Some(tls), limits()).await;
        let answer = ask(&server, "localhost", client).await;
        assert_eq!(answer.ok().as_deref(), seen, "case {case}");
    }
}
