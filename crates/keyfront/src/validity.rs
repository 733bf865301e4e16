//! From when until when a certificate is valid.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use yasna::ASN1Result;
use yasna::tags::TAG_UTCTIME;

/// The time of a certificate, in seconds after the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    /// Its first second.
    pub(crate) not_before_s: i64,
    /// Its last second.
    pub(crate) not_after_s: i64,
}

/// The validity of the first certificate of a PEM file; `None` where it cannot be read.
pub(crate) fn of(pem: &[u8]) -> Option<Validity> {
    let certificate = CertificateDer::from_pem_slice(pem).ok()?;
    // RFC 5280, section 4.1: the certificate is what is signed, and the signature over it.
    let signed = elements(&certificate).ok()?.into_iter().next()?;
    // It begins with its version, which is left out for the first, and goes on with serial number, algorithm and issuer.
    let signed = elements(&signed).ok()?;
    let has_version = signed.first()?.first() == Some(&VERSION);
    let validity = elements(signed.get(if has_version { 4 } else { 3 })?).ok()?;
    let at = |index: usize| time(validity.get(index)?).ok();
    Some(Validity { not_before_s: at(0)?, not_after_s: at(1)? })
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
    fn the_time_of_the_first_certificate_counts() {
        let pem = |year| {
            let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
            params.not_before = date_time_ymd(2030, 1, 2);
            params.not_after = date_time_ymd(year, 1, 2);
            params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
        };
        // `date --utc --date 2031-01-02 +%s`; from 2050 on the time has another form in the certificate.
        let until = |not_after_s| Some(Validity { not_before_s: 1_893_542_400, not_after_s });
        assert_eq!(of(pem(2031).as_bytes()), until(1_925_078_400));
        assert_eq!(of(pem(2051).as_bytes()), until(2_556_230_400));
        assert_eq!(of(format!("{}{}", pem(2031), pem(2051)).as_bytes()), until(1_925_078_400));
        assert_eq!(of(b"no certificate"), None);
    }
}
