//! Requests and responses.

use std::sync::Arc;

use keyfront_http::Tls;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use crate::fixture::{Paths, Server, closed, get, limits, response, tls};

#[tokio::test(start_paused = true)]
async fn bodies_stream_both_ways() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    let mut client = server.say(head).await;
    let mut answer = String::new();
    while !answer.ends_with("4\r\nhalf\r\n") {
        answer.push(char::from(client.read_u8().await.unwrap()));
    }
    client.write_all(b"4\r\nrest\r\n0\r\n\r\n").await.unwrap();
    while !answer.ends_with("4\r\nrest\r\n0\r\n\r\n") {
        answer.push(char::from(client.read_u8().await.unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_of_http_1_1_has_one_host_header() {
    let server = Server::start(Paths::default(), None, limits()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ] {
        let mut client = server.say(head).await;
        assert_eq!(response(&mut client).await.0, status, "{head:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_aborted_request_ends_its_connection_without_an_answer() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/abort")).await;
    let (after, received) = closed(&mut client).await;
    assert_eq!((after.as_secs(), received), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_service_learns_who_is_at_the_other_end() {
    let server = Server::start(Paths::default(), None, limits()).await;
    let mut client = server.say(&get("/peer")).await;
    let own = client.local_addr().unwrap();
    assert_eq!(response(&mut client).await, (200, format!("{own} false")));
}

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
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(roots).with_no_client_auth()
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
