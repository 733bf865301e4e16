//! Trust stores: the certificate authorities that viewers' certificates come from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_error::ServiceError;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde_json::Value;

use crate::counted::more_than;
use crate::{Quotas, name};

/// A trust store's configuration, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrustStoreConfig {
    /// Unique in the account; it never changes.
    pub name: String,
    /// Where its certificates come from.
    pub ca_certificates_bundle_source: BundleSource,
}

/// Where certificates come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BundleSource {
    /// An object.
    #[serde(rename = "CaCertificatesBundleS3Location")]
    pub s3_location: Option<S3Location>,
}

/// An object in S3.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct S3Location {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// The region that the bucket is in.
    pub region: String,
    /// A version of the object. Sources of objects know no versions, so it is not looked at.
    pub version: Option<String>,
}

impl TrustStoreConfig {
    /// Refuses what cannot be a trust store. The service states no rule for its name but that there is one.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_length("Name", &self.name, 1..=128)?;
        let Some(location) = &self.ca_certificates_bundle_source.s3_location else {
            return Err(ServiceError::required("CaCertificatesBundleS3Location"));
        };
        if matches!(location.bucket.chars().count(), 1..3) {
            return Err(ServiceError::invalid("Bucket"));
        }
        name::check_length("Bucket", &location.bucket, 3..=63)?;
        name::check_length("Key", &location.key, 1..=1024)
    }
}

/// Why a bundle cannot be used. The text is the trust store's `Reason`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBundle {
    /// It is not PEM.
    #[error("The CA certificates bundle is not valid PEM: {0}")]
    Malformed(String),
    /// It has no certificates.
    #[error("The CA certificates bundle contains no certificates")]
    Empty,
    /// It has too many.
    #[error("The CA certificates bundle contains {count} certificates; the limit is {limit}")]
    TooMany {
        /// How many it has.
        count: usize,
        /// How many it may have.
        limit: u64,
    },
}

/// The name of the member of a trust store's record that keeps the certificates, for the edge. Clients do not see it.
pub const CA_CERTIFICATES: &str = "CaCertificates";

/// The certificates of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaCertificates(Vec<CertificateDer<'static>>);

impl CaCertificates {
    /// Reads a bundle, which is PEM; what stands around the certificates means nothing.
    ///
    /// A certificate is not looked into: it is enough that it is one by its frame and base64.
    ///
    /// # Errors
    /// [`InvalidBundle`].
    pub fn parse(bundle: &[u8], quotas: &Quotas) -> Result<CaCertificates, InvalidBundle> {
        let limit = quotas.ca_certificates_per_trust_store;
        let certificates = CertificateDer::pem_slice_iter(bundle).collect::<Result<Vec<_>, _>>();
        let certificates = certificates.map_err(|error| InvalidBundle::Malformed(error.to_string()))?;
        match certificates.len() {
            0 => Err(InvalidBundle::Empty),
            count if more_than(count, limit) => Err(InvalidBundle::TooMany { count, limit }),
            _few => Ok(CaCertificates(certificates)),
        }
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// As they are kept: DER in base64.
    pub fn to_value(&self) -> Value {
        self.0.iter().map(|certificate| STANDARD.encode(certificate)).collect()
    }

    /// Reads what [`to_value`](CaCertificates::to_value) gave; none of anything else.
    pub fn from_value(kept: &Value) -> CaCertificates {
        let kept = kept.as_array().into_iter().flatten().filter_map(Value::as_str);
        CaCertificates(kept.filter_map(|text| STANDARD.decode(text).ok()).map(CertificateDer::from).collect())
    }

    /// Each of them.
    pub fn into_certificates(self) -> Vec<CertificateDer<'static>> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_trust_store_has_a_name_and_a_source() {
        let source = |bucket: &str, key: &str| json!({ "CaCertificatesBundleS3Location": { "Bucket": bucket, "Key": key, "Region": "us-east-1" } });
        for (name, source, expected) in [
            ("roots", source("certificates", "ca.pem"), None),
            ("", source("certificates", "ca.pem"), Some("InvalidArgument: The parameter Name is required.")),
            (
                "roots",
                json!({}),
                Some("InvalidArgument: The parameter CaCertificatesBundleS3Location is required."),
            ),
            ("roots", source("", "ca.pem"), Some("InvalidArgument: The parameter Bucket is required.")),
            ("roots", source("ab", "ca.pem"), Some("InvalidArgument: The parameter Bucket is invalid.")),
            ("roots", source("abc", "ca.pem"), None),
            (
                "roots",
                source(&"b".repeat(64), "ca.pem"),
                Some("InvalidArgument: The parameter Bucket is too big."),
            ),
            ("roots", source("certificates", ""), Some("InvalidArgument: The parameter Key is required.")),
        ] {
            let config: Value = json!({ "Name": name, "CaCertificatesBundleSource": source });
            let config: TrustStoreConfig = serde_json::from_value(config).unwrap();
            assert_eq!(config.check().err().map(|error| error.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn certificates_are_counted_in_their_frames() {
        let one = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
        for (bundle, expected) in [
            (one.to_owned(), Ok(1)),
            (format!("# a comment\n{one}\n{key}{one}"), Ok(2)),
            (one.repeat(25), Ok(25)),
            (one.repeat(26), Err(InvalidBundle::TooMany { count: 26, limit: 25 })),
            (String::new(), Err(InvalidBundle::Empty)),
            (key.to_owned(), Err(InvalidBundle::Empty)),
            ("not PEM".to_owned(), Err(InvalidBundle::Empty)),
        ] {
            let read = CaCertificates::parse(bundle.as_bytes(), &Quotas::default());
            if let Ok(certificates) = &read {
                assert_eq!(&CaCertificates::from_value(&certificates.to_value()), certificates);
            }
            assert_eq!(read.map(|certificates| certificates.count()), expected, "{bundle}");
        }
        for broken in [
            "-----BEGIN CERTIFICATE-----\nMAA=\n",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        ] {
            let refused = CaCertificates::parse(broken.as_bytes(), &Quotas::default());
            assert!(matches!(refused, Err(InvalidBundle::Malformed(_))), "{refused:?}");
        }
    }
}
