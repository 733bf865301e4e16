//! Tests of TLS with origins, with certificates of an authority of their own.
//!
//! `fixtures` was made with openssl: an authority whose key was thrown away, and from it a certificate for
//! `origin.example.com` and `*.wild.example.com`, valid for 100 years, and one that ended before it began.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::origin::tests::{NAME, OK, asked, clock, description, get, ok, plan, server};
use crate::origin::{OriginSettings, Origins, PrivateOrigins};

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "src/origin/tls/fixtures", name].iter().collect()
}

/// A server with a certificate: its port, and the names that it is asked for.
async fn serve(certificate: &str) -> (u16, mpsc::UnboundedReceiver<Option<String>>) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::from_pem_file(fixture("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates(&fixture(certificate)).unwrap(), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (seen, asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let _gone = seen.send(stream.get_ref().1.server_name().map(str::to_owned));
            let script = vec![server::Step::Answer(OK)];
            tokio::spawn(server::follow(script, stream, 0, Arc::default()));
        }
    });
    (port, asked)
}

/// What is asked of `origin.example.com`, to which a certificate is shown.
fn of_origin(shown: Option<&str>) -> TlsNames {
    let name = "origin.example.com".to_owned();
    TlsNames { sni: name.clone(), accepted: vec![name], shown: shown.map(str::to_owned) }
}

fn trusting() -> OriginSettings {
    OriginSettings {
        certificate_authorities: vec![fixture("authority.pem")],
        private_origins: PrivateOrigins::All,
        ..OriginSettings::default()
    }
}

#[tokio::test]
async fn a_certificate_has_one_of_the_names_that_are_accepted() {
    let (port, mut asked_for) = serve("certificate.pem").await;
    let tls = Tls::new(&[fixture("authority.pem")], &BTreeMap::new()).unwrap();
    for (sni, accepted, expected) in [
        ("origin.example.com", &["origin.example.com"][..], true),
        ("www.example.com", &["origin.example.com", "www.example.com"], true),
        ("a.wild.example.com", &["a.wild.example.com"], true),
        ("a.wild.example.com", &["*.wild.example.com"], true),
        ("other.example.com", &["*.example.com"], true),
        ("other.example.com", &["other.example.com"], false),
        ("a.b.wild.example.com", &["a.b.wild.example.com"], false),
        ("origin.example.com", &["*.other.example.com"], false),
        // A name in the subject alone does not count (RFC 9525).
        ("ignored.example.com", &["ignored.example.com"], false),
        ("origin.example.com", &[], false),
    ] {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let names = TlsNames {
            sni: sni.to_owned(),
            accepted: accepted.iter().map(|name| (*name).to_owned()).collect(),
            shown: None,
        };
        let outcome = tls.connect("origin.example.com", &names, false, stream).await.map(drop);
        if expected {
            assert_eq!(outcome, Ok(()), "{names:?}");
        } else {
            let failure = outcome.unwrap_err();
            assert!(failure.to_string().contains("is not valid for"), "{names:?}: {failure}");
        }
        assert_eq!(asked_for.recv().await.flatten().as_deref(), Some(sni));
    }
}

#[tokio::test]
async fn a_certificate_is_of_a_known_authority_and_in_its_time() {
    let names = of_origin(None);
    for (certificate, authority, words) in [
        ("certificate.pem", "authority.pem", None),
        ("certificate.pem", "other-authority.pem", Some("UnknownIssuer")),
        ("expired.pem", "authority.pem", Some("Expired")),
    ] {
        let (port, _asked_for) = serve(certificate).await;
        let tls = Tls::new(&[fixture(authority)], &BTreeMap::new()).unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let outcome = tls.connect("origin.example.com", &names, false, stream).await.map(drop);
        match (words, outcome) {
            (None, outcome) => assert_eq!(outcome, Ok(())),
            (Some(words), Err(OriginFailure::Tls(_, text))) => assert!(text.contains(words), "{text}"),
            (Some(words), outcome) => panic!("{words}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_does_not_choose_http_2_does_not_speak_it() {
    let names = of_origin(None);
    let (port, _asked_for) = serve("certificate.pem").await;
    let tls = Tls::new(&[fixture("authority.pem")], &BTreeMap::new()).unwrap();
    for (http2, expected) in [(false, true), (true, false)] {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let outcome = tls.connect("origin.example.com", &names, http2, stream).await.map(drop);
        assert_eq!(outcome.is_ok(), expected, "{http2}: {outcome:?}");
    }
}

/// AWS: "Origin mutual TLS with CloudFront". A certificate that the distribution names is shown, no other one is, and
/// without it the origin is not asked.
#[tokio::test]
async fn an_origin_is_shown_the_certificate_that_the_distribution_names() {
    let pem = |name: &str| std::fs::read(fixture(name)).unwrap();
    let own = ClientCertificate { chain: pem("certificate.pem"), private_key: pem("key.pem") };
    let tls = Tls::new(&[fixture("authority.pem")], &BTreeMap::from([("arn:own".to_owned(), own)])).unwrap();
    let asking = keyfront_http::TlsSettings {
        client_certificates: keyfront_http::ClientCertificates::Unchecked,
        ..keyfront_http::TlsSettings::default()
    };
    let acceptor = TlsAcceptor::from(asking.build(&pem("certificate.pem"), &pem("key.pem")).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // The second connection of each kind resumes a session.
    for (shown, expected) in [
        (Some("arn:own"), Some(1)),
        (None, Some(0)),
        (Some("arn:own"), Some(1)),
        (Some("arn:other"), None),
        (None, Some(0)),
    ] {
        let stream = TcpStream::connect(address).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        let names = of_origin(shown);
        let (client, server) =
            tokio::join!(tls.connect("origin.example.com", &names, false, stream), acceptor.accept(accepted));
        if let Some(certificates) = expected {
            client.unwrap();
            let seen = server.unwrap().get_ref().1.peer_certificates().map_or(0, <[_]>::len);
            assert_eq!(seen, certificates, "{shown:?}");
        } else {
            let failure = client.map(drop).unwrap_err().to_string();
            assert!(failure.contains("arn:other"), "{failure}");
            assert!(failure.contains("[edge.client_certificates]"), "{failure}");
            assert!(server.is_err());
        }
    }
}

#[test]
fn a_certificate_for_origins_that_cannot_be_used_is_an_error_without_its_key() {
    let pem = |name: &str| std::fs::read(fixture(name)).unwrap();
    for (chain, private_key, words) in [
        (pem("authority.pem"), pem("key.pem"), "keys"),
        (pem("key.pem"), pem("key.pem"), "holds no certificate"),
        (pem("certificate.pem"), b"hush".to_vec(), "holds no private key"),
    ] {
        let own = ClientCertificate { chain, private_key };
        assert!(!format!("{own:?}").contains("private_key"));
        let error =
            Tls::new(&[], &BTreeMap::from([("arn:own".to_owned(), own)])).map(drop).unwrap_err().to_string();
        assert!(error.contains("arn:own") && error.to_lowercase().contains(words), "{error}");
        assert!(!error.contains("hush"), "{error}");
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_an_error_that_names_its_file() {
    for name in ["none.pem", "key.pem"] {
        let error = Tls::new(&[fixture(name)], &BTreeMap::new()).map(drop).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[tokio::test]
async fn an_origin_over_https_is_checked_and_its_mapping_too() {
    let (port, _asked_for) = serve("certificate.pem").await;
    for (name, mapped, expected) in [
        ("origin.example.com", true, true),
        (NAME, true, false),
        ("origin.example.com", false, true),
        (NAME, false, false),
    ] {
        let mut settings = trusting();
        let mut origin = description(name);
        if mapped {
            let target = format!("https://127.0.0.1:{port}").parse().unwrap();
            settings.mappings.insert(name.to_owned(), target);
        } else {
            origin.kind = crate::origin::OriginKind::Server(crate::origin::ServerOrigin {
                http_port: 80,
                https_port: port,
                protocol: crate::origin::ProtocolPolicy::HttpsOnly,
                ip_address_type: None,
            });
        }
        let look_up = Arc::new(|_host| {
            let found: std::pin::Pin<Box<dyn Future<Output = _> + Send>> =
                Box::pin(async { Ok(vec!["127.0.0.1".parse().unwrap()]) });
            found
        });
        let origins = Origins::with_look_up(settings, clock(), look_up).unwrap();
        let outcome = asked(&origins, &plan(origin), get("/")).await;
        if expected {
            assert_eq!(outcome, ok(), "{name} {mapped}");
        } else {
            assert!(matches!(outcome, Err(OriginFailure::Tls(..))), "{name} {mapped}: {outcome:?}");
        }
    }
}
