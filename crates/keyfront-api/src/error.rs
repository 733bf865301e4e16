//! What operations make of failures: the refusals of the store in their words, and errors in the log.

use keyfront_error::ServiceError;
use keyfront_store::Abort;

/// Why a transaction of the store wrote nothing, its refusal in the words of the operation.
pub(crate) fn aborted<R>(abort: Abort<R>, refused: impl FnOnce(R) -> ServiceError) -> ServiceError {
    match abort {
        Abort::Refused(refusal) => refused(refusal),
        Abort::Storage(error) => error.into(),
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
