//! Where an import's object comes from.

use async_trait::async_trait;
use bytes::Bytes;

/// An object in S3's way of naming: a bucket and a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectAddress {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key, without a leading slash.
    pub key: String,
}

impl ObjectAddress {
    /// Reads `arn:aws:s3:::bucket/key`.
    pub fn parse(arn: &str) -> Option<ObjectAddress> {
        let (bucket, key) = arn.strip_prefix("arn:aws:s3:::")?.split_once('/')?;
        let legal =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
        let named = (3..=63).contains(&bucket.len()) && bucket.bytes().all(legal);
        let is_address = named && !key.is_empty() && key.len() <= 1024;
        is_address.then(|| ObjectAddress { bucket: bucket.to_owned(), key: key.to_owned() })
    }
}

/// Fetches objects.
#[async_trait]
pub trait ObjectSource: Send + Sync + 'static {
    /// The whole object, or [`FetchError::TooLarge`] when it has more than `limit` bytes.
    async fn fetch(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError>;
}

/// Why an object was not fetched. The text is the store's `FailureReason`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The bucket does not exist.
    #[error("The bucket {0} does not exist")]
    NoSuchBucket(String),
    /// The bucket has no such object.
    #[error("The bucket {bucket} has no object {key}")]
    NoSuchObject {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// The object may not be read with the configured credentials.
    #[error("Access to the object {key} in the bucket {bucket} was denied")]
    AccessDenied {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// The object is larger than an import may be; the service's own words.
    #[error("Datasource size exceeds the allowed limit")]
    TooLarge,
    /// The source did not answer, or not with a whole object, in time.
    #[error("The data source could not be reached: {0}")]
    Unreachable(String),
    /// The configuration does not say where objects of this bucket are.
    #[error(
        "No data source is configured for the bucket {0}: map it to a folder or name an S3 endpoint in the \
         [import] section of the configuration"
    )]
    NotConfigured(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_arn_of_an_object() {
        for (arn, expected) in [
            ("arn:aws:s3:::bucket/path/pairs.json", Some(("bucket", "path/pairs.json"))),
            ("arn:aws:s3:::b.u-1/k", Some(("b.u-1", "k"))),
            ("arn:aws:s3:::bucket", None),
            ("arn:aws:s3:::bucket/", None),
            ("arn:aws:s3:::/key", None),
            ("arn:aws:s3:::Bucket/key", None),
            ("arn:aws:s3:::../../etc/passwd", None),
            ("s3://bucket/key", None),
            ("arn:aws:dynamodb:::bucket/key", None),
        ] {
            let parsed = ObjectAddress::parse(arn);
            let found = parsed.as_ref().map(|address| (address.bucket.as_str(), address.key.as_str()));
            assert_eq!(found, expected, "{arn}");
        }
    }
}
