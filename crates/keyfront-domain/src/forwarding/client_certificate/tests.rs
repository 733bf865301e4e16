//! Tests of the headers that tell of a viewer's certificate.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::*;
use crate::forwarding::CloudFrontHeader;

const PEM: &str = include_str!("viewer.pem");

/// What `openssl x509 -serial -subject -issuer -nameopt RFC2253 -dates -fingerprint -sha256` says of it, in AWS's forms.
#[test]
fn a_certificate_is_told_in_the_words_of_the_headers() {
    let der = CertificateDer::from_pem_slice(PEM.as_bytes()).unwrap();
    let certificate = ClientCertificate::read(&der).unwrap();
    assert_eq!(certificate.serial_number(), "ca:3f:5c:92:d1:e8:7b:6c");
    assert_eq!(certificate.issuer(), "CN=rootcamtls.com,OU=rootCA,O=mTLS,L=Seattle,ST=Washington,C=US");
    assert_eq!(certificate.subject(), "CN=client\\+1.com,OU=Zürich,O=mTLS\\, Inc.,ST=Washington,C=US");
    assert_eq!(certificate.validity(), "NotBefore=2023-09-21T01:50:17Z;NotAfter=2054-09-20T01:50:17Z");
    assert_eq!(certificate.sha256(), "840b3e3c7cfd4a97a04caa151db4030730308dbc67ea23e42034c96efed7eb05");
    let pem = certificate.pem();
    assert!(pem.starts_with("-----BEGIN%20CERTIFICATE-----%0AMII"), "{pem}");
    assert!(pem.ends_with("%0A-----END%20CERTIFICATE-----%0A"), "{pem}");
    assert_eq!(percent_encoding::percent_decode_str(&pem).decode_utf8().unwrap(), PEM);
    assert_eq!(STANDARD.decode(byte_sequence(&der).trim_matches(':')).unwrap(), der.as_ref());
    assert!(ClientCertificate::read(b"no certificate").is_err());
}

#[test]
fn a_header_about_a_certificate_needs_one() {
    let der = CertificateDer::from_pem_slice(PEM.as_bytes()).unwrap();
    let certificate = ClientCertificate::read(&der).unwrap();
    let headers = || CloudFrontHeader::ALL.into_iter().filter(|header| header.tells_certificate());
    for (shown, present, others) in [
        (Shown::NotAsked, None, 0),
        (Shown::Nothing, Some("0"), 0),
        (Shown::Certificate(&certificate), Some("1"), 6),
    ] {
        let facts = crate::forwarding::tests::facts("192.0.2.1:1", &[]);
        let facts = crate::forwarding::ViewerFacts { certificate: shown, ..facts };
        let values = headers().filter_map(|header| Some((header, header.value(&facts)?.into_owned())));
        let (is_present, told): (Vec<_>, Vec<_>) =
            values.partition(|(header, _)| *header == CloudFrontHeader::ViewerCertPresent);
        let is_present = is_present.first().map(|(_, value)| value.as_str());
        assert_eq!((is_present, told.len()), (present, others), "{shown:?}");
        assert!(told.iter().all(|(_, value)| value.is_ascii()), "{told:?}");
    }
}
