//! Object sources of imports: a folder in place of a bucket, or S3.

mod folder;
#[cfg(feature = "s3")]
mod s3;

use std::collections::BTreeMap;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;
use keyfront_api::import::{FetchError, ObjectAddress, ObjectSource};

use crate::config::ImportSettings;
use crate::failure::Failure;

/// The object source that a configuration describes.
pub(crate) struct Objects {
    folders: BTreeMap<String, PathBuf>,
    #[cfg(feature = "s3")]
    s3: Option<s3::S3>,
}

impl Objects {
    pub(crate) fn new(settings: &ImportSettings) -> Result<Objects, Failure> {
        Ok(Objects {
            folders: settings.folders.clone(),
            #[cfg(feature = "s3")]
            s3: settings.s3.clone().map(s3::S3::new).transpose()?,
        })
    }
}

#[async_trait]
impl ObjectSource for Objects {
    async fn fetch(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
        if let Some(folder) = self.folders.get(&address.bucket) {
            return folder::fetch(folder, address, limit).await;
        }
        #[cfg(feature = "s3")]
        if let Some(s3) = &self.s3 {
            return s3.fetch(address, limit).await;
        }
        Err(FetchError::NotConfigured(address.bucket.clone()))
    }
}
