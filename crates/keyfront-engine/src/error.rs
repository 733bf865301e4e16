//! What can go wrong with storage, in words that say what to do.

use std::error::Error;

use keyfront_error::ServiceError;

use crate::{Batch, Limits};

/// A failure of storage. A check that does not hold is not one: see [`Outcome`](super::Outcome).
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The data cannot be used as it is. The engine did not start.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// A read failed; the data it asked for was not returned. It may work later.
    #[error("reading from the store failed: {message}")]
    Read {
        /// What happened and what to do.
        message: String,
        /// The cause.
        source: Option<Cause>,
    },
    /// What is stored cannot be read: it is damaged, or of a later version. Reading again will not help;
    /// everything else can still be read.
    #[error("the stored data cannot be used: {message}")]
    Damaged {
        /// What cannot be read and what to do.
        message: String,
        /// The cause.
        source: Option<Cause>,
    },
    /// The batch is larger than the engine takes: it was not tried.
    #[error(
        "the write was not made: it has {writes} steps and {bytes} bytes, and the store takes {} and {} at once",
        limits.writes,
        limits.bytes
    )]
    TooLarge {
        /// Writes or checks of the batch, whichever is more.
        writes: usize,
        /// Bytes of its keys and values.
        bytes: usize,
        /// What the engine takes.
        limits: Limits,
    },
    /// The commit did not happen, and nothing of it will appear later.
    #[error("the write was not made: {message}")]
    NotWritten {
        /// What happened and what to do.
        message: String,
        /// The cause.
        source: Option<Cause>,
    },
    /// The engine takes no commits at present, because of a failure that was told before: the batch was
    /// not tried. [`Stats::refusing`](super::Stats::refusing) says the same, so that a log that has the
    /// first failure needs no line for each of these.
    #[error("the write was not made: {message}")]
    Refused {
        /// What happened and what to do.
        message: String,
        /// The cause.
        source: Option<Cause>,
    },
    /// Storage failed while the commit was being made durable: it may or may not be there.
    #[error("it is not known whether the write was made: {message}")]
    OutcomeUnknown {
        /// What happened and what to do.
        message: String,
        /// The cause.
        source: Option<Cause>,
    },
}

/// The error underneath, for the log.
pub type Cause = std::sync::Arc<dyn Error + Send + Sync>;

impl StoreError {
    /// The refusal of a batch that is beyond the limits.
    #[must_use]
    pub fn too_large(batch: &Batch, limits: Limits) -> StoreError {
        let writes = batch.writes.len().max(batch.checks.len());
        StoreError::TooLarge { writes, bytes: batch.size_bytes(), limits }
    }

    /// True when the batch certainly did not happen and may be tried again as it is; false when a
    /// retry must first read what is there.
    #[must_use]
    pub fn outcome_is_known(&self) -> bool {
        !matches!(self, StoreError::OutcomeUnknown { .. })
    }
}

/// No request can help that the store failed: the client learns nothing about it.
impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        ServiceError::internal(error)
    }
}

/// Why a data folder cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Unusable {
    message: String,
    source: Option<Cause>,
}

impl Unusable {
    /// A reason in words, which say what to do.
    pub fn new(message: impl Into<String>) -> Unusable {
        Unusable { message: message.into(), source: None }
    }

    /// A reason in words, which say what to do, with the error that led to it.
    pub fn because(message: impl Into<String>, cause: impl Error + Send + Sync + 'static) -> Unusable {
        Unusable { message: message.into(), source: Some(std::sync::Arc::new(cause)) }
    }
}
