//! Copies of what an engine holds: an optional capability of an engine.

use std::path::Path;

use async_trait::async_trait;

use crate::{StoreError, Version};

/// What is told of a copy while it is made: the number of entries copied so far.
pub type Progress = Box<dyn FnMut(u64) + Send>;

/// An engine that copies what it holds while it goes on serving. See [`Engine::backup`](crate::Engine::backup).
#[async_trait]
pub trait Backup: Send + Sync {
    /// Writes a copy of one moment to a new or empty folder and answers the version that it shows.
    ///
    /// The copy appears in the folder when it is complete and flushed, never before. A copy that fails
    /// takes back what it made.
    async fn backup_to(&self, folder: &Path, progress: Progress) -> Result<Version, StoreError>;
}
