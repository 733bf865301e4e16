//! Objects in S3, or in a server with the protocol of S3.

mod exact_key;

use std::time::Duration;

use aws_credential_types::Credentials;
use bytes::Bytes;
use keyfront_api::error::chain;
use keyfront_api::import::{FetchError, ObjectAddress};
use object_store::aws::{AmazonS3Builder, AwsCredential};
use object_store::path::Path;
use object_store::{ClientOptions, Error, ObjectStoreExt, RetryConfig};

use crate::config::{S3Settings, read_secret};
use crate::failure::Failure;
use exact_key::{ExactKey, STAND_IN, can_be_requested};

/// Tries again after the first failure; the time limit ends them too.
const RETRIES: usize = 3;

/// An S3 endpoint.
pub(super) struct S3 {
    settings: S3Settings,
    secret_access_key: Option<String>,
}

impl S3 {
    pub(super) fn new(settings: S3Settings) -> Result<S3, Failure> {
        let secret_access_key = match &settings.secret_access_key_file {
            Some(path) => {
                let secret = String::from_utf8(read_secret(path)?);
                let secret =
                    secret.map_err(|error| Failure::because(format!("{}", path.display()), &error))?;
                Some(secret.trim().to_owned())
            }
            None => None,
        };
        Ok(S3 { settings, secret_access_key })
    }

    /// Fetches an object within the time limit.
    pub(super) async fn fetch(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
        let timeout = self.timeout();
        match tokio::time::timeout(timeout, self.get(address, limit)).await {
            Ok(result) => result,
            Err(_elapsed) => {
                let seconds = timeout.as_secs();
                Err(FetchError::Unreachable(format!("the object did not arrive within {seconds} seconds")))
            }
        }
    }

    async fn get(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
        let refused = |error| refusal(address, &error);
        let mut store = self.bucket(&address.bucket).build().map_err(refused)?;
        // Of some keys, such as `a/`, the client makes the path of another object, and others it refuses.
        let path = Path::parse(&address.key).ok().filter(|path| path.as_ref() == address.key);
        let path = match path {
            Some(path) => path,
            None if can_be_requested(&address.key) => {
                let credential = store.credentials().get_credential().await.map_err(refused)?;
                let AwsCredential { key_id, secret_key, token } = &*credential;
                let credentials = Credentials::new(key_id, secret_key, token.clone(), None, "keyfront");
                let (key, region) = (address.key.clone(), self.settings.region.clone());
                let exact = ExactKey { key, region, credentials };
                let bucket = self.bucket(&address.bucket).with_skip_signature(true);
                store = bucket.with_http_connector(exact).build().map_err(refused)?;
                Path::from(STAND_IN)
            }
            None => return Err(absent(address)),
        };
        let found = store.get(&path).await.map_err(|error| refusal(address, &error))?;
        if found.meta.size > limit {
            return Err(FetchError::TooLarge);
        }
        // The size was announced, and a body of another length is an error of its own.
        found.bytes().await.map_err(|error| refusal(address, &error))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.settings.timeout_seconds)
    }

    fn bucket(&self, bucket: &str) -> AmazonS3Builder {
        let S3Settings { endpoint, region, access_key_id, path_style, .. } = &self.settings;
        let plain = endpoint.as_ref().is_some_and(|url| url.starts_with("http://"));
        let client = ClientOptions::new().with_allow_http(plain).with_timeout(self.timeout());
        let retry =
            RetryConfig { max_retries: RETRIES, retry_timeout: self.timeout(), ..RetryConfig::default() };
        // Configured credentials stand alone: a session token of the environment belongs to others.
        let base = if access_key_id.is_some() { AmazonS3Builder::new() } else { AmazonS3Builder::from_env() };
        let mut builder = base
            .with_bucket_name(bucket)
            .with_region(region)
            .with_client_options(client)
            .with_retry(retry)
            .with_virtual_hosted_style_request(!path_style.unwrap_or(endpoint.is_some()));
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let (Some(id), Some(secret)) = (access_key_id, &self.secret_access_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        builder
    }
}

fn absent(address: &ObjectAddress) -> FetchError {
    let ObjectAddress { bucket, key } = address.clone();
    FetchError::NoSuchObject { bucket, key }
}

/// What an error of the client means for the import.
fn refusal(address: &ObjectAddress, error: &Error) -> FetchError {
    let ObjectAddress { bucket, key } = address.clone();
    if matches!(error, Error::NotFound { .. }) {
        // The client's error does not tell the two apart; the server's answer in it does.
        let no_bucket = chain(error).contains("NoSuchBucket");
        if no_bucket { FetchError::NoSuchBucket(bucket) } else { absent(address) }
    } else if matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) {
        FetchError::AccessDenied { bucket, key }
    } else {
        FetchError::Unreachable(root_cause(error))
    }
}

/// The innermost cause: what is around it tells of tries and settings, and is as long as a page.
fn root_cause(error: &Error) -> String {
    const MOST: usize = 300;
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().chars().take(MOST).collect()
}
