//! When the certificates that are served expire, so that an alert comes before a viewer's error does.

use std::path::Path;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use yasna::ASN1Result;
use yasna::tags::TAG_UTCTIME;

/// Where the configuration has a certificate: `server.tls`, `relay.tls`, or its id in `[edge.certificates]`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    certificate: String,
}

/// When each certificate expires. A clone is the same figures.
#[derive(Clone, Default)]
pub(crate) struct Expiry(Family<Named, Gauge>);

impl Expiry {
    /// Adds the figures to those of a server.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "keyfront_certificate_expiry_timestamp",
            "When a certificate expires, in seconds after the epoch",
            Unit::Seconds,
            self.0.clone(),
        );
    }

    /// Notes a certificate that is served from now on. It was read before, so one that cannot be read any more keeps its
    /// figure.
    pub(crate) fn note(&self, name: &str, file: &Path) {
        let not_after = std::fs::read(file).ok().and_then(|pem| not_after(&pem));
        if let Some(not_after) = not_after {
            self.0.get_or_create(&Named { certificate: name.to_owned() }).set(not_after);
        }
    }
}

/// When the first certificate of a PEM file expires, in seconds after the epoch.
fn not_after(pem: &[u8]) -> Option<i64> {
    let certificate = CertificateDer::from_pem_slice(pem).ok()?;
    // RFC 5280, section 4.1: the certificate is what is signed, and the signature over it.
    let signed = elements(&certificate).ok()?.into_iter().next()?;
    // It begins with its version, which is left out for the first, and goes on with serial number, algorithm and issuer.
    let signed = elements(&signed).ok()?;
    let has_version = signed.first()?.first() == Some(&VERSION);
    let validity = signed.get(if has_version { 4 } else { 3 })?;
    time(elements(validity).ok()?.get(1)?).ok()
}

/// The first byte of a version: the tag `[0]`, explicit.
const VERSION: u8 = 0xa0;

/// The elements of a sequence, in DER.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is for one lifetime, and each element has its own"
)]
fn elements(der: &[u8]) -> ASN1Result<Vec<Vec<u8>>> {
    yasna::parse_der(der, |reader| reader.collect_sequence_of(|reader| reader.read_der()))
}

/// A time, which has one of two forms (RFC 5280, section 4.1.2.5).
fn time(der: &[u8]) -> ASN1Result<i64> {
    yasna::parse_der(der, |reader| {
        Ok(if reader.lookahead_tag()? == TAG_UTCTIME {
            reader.read_utctime()?.datetime().unix_timestamp()
        } else {
            reader.read_generalized_time()?.datetime().unix_timestamp()
        })
    })
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn the_end_of_the_first_certificate_counts() {
        let pem = |year| {
            let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
            params.not_after = date_time_ymd(year, 1, 2);
            params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
        };
        // `date --utc --date 2031-01-02 +%s`; from 2050 on the time has another form in the certificate.
        assert_eq!(not_after(pem(2031).as_bytes()), Some(1_925_078_400));
        assert_eq!(not_after(pem(2051).as_bytes()), Some(2_556_230_400));
        assert_eq!(not_after(format!("{}{}", pem(2031), pem(2051)).as_bytes()), Some(1_925_078_400));
        assert_eq!(not_after(b"no certificate"), None);
    }
}
