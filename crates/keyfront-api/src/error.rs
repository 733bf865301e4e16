//! How an operation fails.

use std::borrow::Cow;

use keyfront_domain::Refusal;
use keyfront_store::{Abort, StoreError};
use keyfront_wire::WireError;

/// The reason why a request got no success.
///
/// A refusal is public, word for word. What went wrong inside stays in the log and is logged once, where
/// the answer is written.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The service refuses, with a code of its model and its text.
    #[error("{code}: {message}")]
    Refused {
        /// The error code.
        code: Cow<'static, str>,
        /// The text for the client.
        message: String,
    },
    /// Something failed that the client cannot help.
    #[error("the request failed inside")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ApiError {
    /// A refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError::Refused { code: Cow::Borrowed(code), message: message.into() }
    }

    /// Why a transaction of the store wrote nothing, its refusal in the words of the operation.
    pub fn aborted<R>(abort: Abort<R>, refused: impl FnOnce(R) -> ApiError) -> ApiError {
        match abort {
            Abort::Refused(refusal) => refused(refusal),
            Abort::Storage(error) => error.into(),
        }
    }

    /// A failure inside.
    pub fn internal(source: impl std::error::Error + Send + Sync + 'static) -> ApiError {
        ApiError::Internal(Box::new(source))
    }
}

impl From<WireError> for ApiError {
    fn from(error: WireError) -> Self {
        ApiError::Refused { code: error.code, message: error.message }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        ApiError::Refused { code: Cow::Borrowed(refusal.code), message: refusal.message.into_owned() }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        ApiError::internal(error)
    }
}

/// An error with everything that caused it, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| {
        let cause = cause.to_string();
        // Some errors quote their cause themselves.
        if text.contains(&cause) { text } else { format!("{text}: {cause}") }
    })
}
