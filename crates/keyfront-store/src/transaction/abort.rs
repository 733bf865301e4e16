//! The error of a verb that can refuse.

use crate::StoreError;

/// Why a transaction wrote nothing: it was refused, or storage failed.
#[derive(Debug, thiserror::Error)]
pub enum Abort<R> {
    /// A rule of the verb does not allow it. The store is as it was.
    #[error("refused: {0:?}")]
    Refused(R),
    /// Storage failed; [`StoreError::outcome_is_known`] says whether anything can have been written.
    #[error(transparent)]
    Storage(#[from] StoreError),
}

impl<R> Abort<R> {
    /// The same with another refusal: what a part refused, in the terms of the whole.
    pub fn map<S>(self, refusal: impl FnOnce(R) -> S) -> Abort<S> {
        match self {
            Abort::Refused(refused) => Abort::Refused(refusal(refused)),
            Abort::Storage(error) => Abort::Storage(error),
        }
    }
}
