//! Object sources of imports: a folder in place of a bucket, or S3.

mod folder;
#[cfg(feature = "s3")]
mod s3;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use bytes::Bytes;
use keyfront_api::import::{FetchError, ObjectAddress, ObjectSource};

use crate::config::ImportSettings;
use crate::failure::Failure;

/// The object source of the configuration in force. Clones share it.
#[derive(Clone)]
pub(crate) struct Objects(Arc<ArcSwap<Sources>>);

/// The object sources that a configuration describes.
pub(crate) struct Sources {
    folders: BTreeMap<String, PathBuf>,
    #[cfg(feature = "s3")]
    s3: Option<s3::S3>,
}

impl Objects {
    pub(crate) fn new(settings: &ImportSettings) -> Result<Objects, Failure> {
        Ok(Objects(Arc::new(ArcSwap::from_pointee(Sources::new(settings)?))))
    }

    /// Takes objects from other sources from now on. What is being fetched is fetched to its end.
    pub(crate) fn replace(&self, sources: Sources) {
        self.0.store(Arc::new(sources));
    }
}

impl Sources {
    pub(crate) fn new(settings: &ImportSettings) -> Result<Sources, Failure> {
        Ok(Sources {
            folders: settings.folders.clone(),
            #[cfg(feature = "s3")]
            s3: settings.s3.clone().map(s3::S3::new).transpose()?,
        })
    }
}

#[async_trait]
impl ObjectSource for Objects {
    async fn fetch(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
        let sources = self.0.load_full();
        if let Some(folder) = sources.folders.get(&address.bucket) {
            return folder::fetch(folder, address, limit).await;
        }
        #[cfg(feature = "s3")]
        if let Some(s3) = &sources.s3 {
            return s3.fetch(address, limit).await;
        }
        Err(FetchError::NotConfigured(address.bucket.clone()))
    }
}
