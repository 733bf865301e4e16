//! Settings of imports: folders in place of buckets, and the S3 endpoint.

use std::collections::BTreeMap;
use std::path::PathBuf;

use keyfront_domain::distribution::S3Hosts;
use serde::Deserialize;

use crate::failure::Failure;

/// Folders stand in for buckets by name; every other bucket is looked for in S3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ImportSettings {
    /// Bucket names and the folders that hold their objects.
    pub(crate) folders: BTreeMap<String, PathBuf>,
    /// What the hosts of buckets end with, beside those of S3 itself; distributions take such a host for a bucket.
    pub(crate) bucket_host_suffixes: Vec<String>,
    /// An S3 endpoint; without one only folders are known.
    pub(crate) s3: Option<S3Settings>,
}

/// An S3-compatible endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct S3Settings {
    /// The endpoint's URL; without it AWS's own for the region.
    pub(crate) endpoint: Option<String>,
    /// The region.
    #[serde(default = "default_region")]
    pub(crate) region: String,
    /// The access key id; without it the default chain: environment, web identity, container, instance.
    pub(crate) access_key_id: Option<String>,
    /// The file with the secret access key, readable by its owner alone.
    pub(crate) secret_access_key_file: Option<PathBuf>,
    /// Put the bucket into the path instead of the host, as most servers other than AWS want it. Default:
    /// yes with an endpoint, no without.
    pub(crate) path_style: Option<bool>,
    /// Time in which an object must have arrived, in seconds.
    #[serde(default = "default_timeout_seconds")]
    pub(crate) timeout_seconds: u64,
}

fn default_region() -> String {
    "us-east-1".to_owned()
}

fn default_timeout_seconds() -> u64 {
    30
}

impl S3Settings {
    /// An endpoint with everything else as usual.
    pub(crate) fn at(endpoint: String) -> S3Settings {
        S3Settings {
            endpoint: Some(endpoint),
            region: default_region(),
            access_key_id: None,
            secret_access_key_file: None,
            path_style: None,
            timeout_seconds: default_timeout_seconds(),
        }
    }
}

impl ImportSettings {
    /// The hosts that are buckets beside those of S3 itself.
    pub(crate) fn s3_hosts(&self) -> S3Hosts {
        S3Hosts { suffixes: self.bucket_host_suffixes.clone() }
    }

    pub(crate) fn check(&self) -> Result<(), Failure> {
        for (bucket, folder) in &self.folders {
            if !folder.is_dir() {
                let folder = folder.display();
                return Err(Failure::new(format!("[import.folders] {bucket}: {folder} is not a folder")));
            }
        }
        let Some(s3) = &self.s3 else { return Ok(()) };
        if cfg!(not(feature = "s3")) {
            return Err(Failure::new("[import.s3] this program was built without the feature \"s3\""));
        }
        if s3.access_key_id.is_some() != s3.secret_access_key_file.is_some() {
            return Err(Failure::new("[import.s3] access_key_id and secret_access_key_file go together"));
        }
        if let Some(endpoint) = &s3.endpoint
            && !is_url(endpoint)
        {
            return Err(Failure::new(format!(
                "[import.s3] endpoint: {endpoint:?} is not a URL; write it as http://HOST:PORT or https://HOST"
            )));
        }
        if s3.timeout_seconds == 0 {
            return Err(Failure::new("[import.s3] timeout_seconds is at least 1"));
        }
        Ok(())
    }
}

/// Whether a text is the URL of a server.
pub(super) fn is_url(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    })
}
