//! A viewer's certificate in the words of CloudFront's headers (AWS: "Viewer mTLS headers for cache policies and
//! forwarded to origin"). Whether it is trusted was decided in the handshake.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pem_rfc7468::LineEnding;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// What a URL has as it is: RFC 3986, 2.3. So a reader may undo it as a URL's or as a form's.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A viewer's certificate.
#[derive(Clone, Debug)]
pub struct ClientCertificate<'c> {
    der: &'c [u8],
    certificate: Certificate,
}

/// What a viewer showed.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'c> {
    /// It was not asked for a certificate.
    NotAsked,
    /// It was asked, and showed none.
    Nothing,
    /// A certificate.
    Certificate(&'c ClientCertificate<'c>),
}

/// A certificate that TLS accepted and that cannot be read as RFC 5280 has it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the viewer's certificate cannot be read: {0}")]
pub struct UnreadableCertificate(x509_cert::der::Error);

impl<'c> ClientCertificate<'c> {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// It is none.
    pub fn read(der: &'c [u8]) -> Result<ClientCertificate<'c>, UnreadableCertificate> {
        let certificate = Certificate::from_der(der).map_err(UnreadableCertificate)?;
        Ok(ClientCertificate { der, certificate })
    }

    /// The serial number, byte by byte: `4a:3f:5c:92`.
    pub fn serial_number(&self) -> String {
        let bytes = self.certificate.tbs_certificate.serial_number.as_bytes();
        // DER puts a zero before a number whose first bit is set.
        let bytes = match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            bytes => bytes,
        };
        let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        pairs.join(":")
    }

    /// The issuer's distinguished name as RFC 2253 writes it: the most particular part first.
    pub fn issuer(&self) -> String {
        self.certificate.tbs_certificate.issuer.to_string()
    }

    /// The subject's distinguished name, written alike.
    pub fn subject(&self) -> String {
        self.certificate.tbs_certificate.subject.to_string()
    }

    /// SHA-256 of the whole certificate, in small hexadecimal digits.
    pub fn sha256(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.der);
        digest.as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a text cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
    }

    /// From when and until when it is valid: `NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z`.
    pub fn validity(&self) -> String {
        let validity = &self.certificate.tbs_certificate.validity;
        let (from, until) = (validity.not_before.to_date_time(), validity.not_after.to_date_time());
        format!("NotBefore={from};NotAfter={until}")
    }

    /// It as PEM, percent-encoded.
    pub fn pem(&self) -> String {
        let pem = pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, self.der).unwrap_or_default();
        utf8_percent_encode(&pem, ESCAPED).to_string()
    }
}

/// `Client-Cert` and the items of `Client-Cert-Chain` (RFC 9440, 2.1): a certificate in DER as a byte sequence of
/// structured fields.
pub fn byte_sequence(der: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(der))
}

#[cfg(test)]
mod tests;
