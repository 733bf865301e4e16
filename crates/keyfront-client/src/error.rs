//! How a call fails, in words for a person.

use aws_sdk_cloudfront::config::http::HttpResponse;
use std::error::Error;

use aws_sdk_cloudfront::error::{ProvideErrorMetadata, SdkError};

/// What kind of failure it is, as far as a caller acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The store changed since its ETag was read.
    Stale,
    /// There is no such store, or no such key.
    NotFound,
    /// The endpoint has no such operation.
    UnknownOperation,
    /// The body is larger than the endpoint takes.
    TooLarge,
    /// The service refused, and would again.
    Refused,
    /// The service is overloaded or failed, and went on to after several attempts.
    Unavailable,
    /// There was no answer; a write may have been made or not.
    NoAnswer,
}

/// A call that failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ClientError {
    /// What kind of failure it is.
    pub kind: Kind,
    message: String,
}

impl ClientError {
    /// A failure in one's own words.
    pub fn new(kind: Kind, message: impl Into<String>) -> ClientError {
        ClientError { kind, message: message.into() }
    }

    /// What the SDK says of a call of `operation` at `place`.
    pub(crate) fn of<E>(operation: &str, place: &str, error: &SdkError<E, HttpResponse>) -> ClientError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let SdkError::ServiceError(context) = error {
            let status = context.raw().status().as_u16();
            let code = error.code().unwrap_or("UnknownError");
            let text = error.message().unwrap_or("the service gave no reason");
            return ClientError::new(kind(status, code, text), format!("{operation}: {code}: {text}"));
        }
        let unsent = matches!(error, SdkError::ConstructionFailure(_))
            || matches!(error, SdkError::DispatchFailure(failure) if failure.is_user() || failure.is_other());
        let cause = deepest(error);
        let advice = match place {
            "AWS" if unsent => "; look at your AWS credentials and profile",
            "AWS" => "; look at the network",
            _ => "; is a server running there? `keyfront dev` starts one",
        };
        let kind = if unsent { Kind::Refused } else { Kind::NoAnswer };
        ClientError::new(kind, format!("{operation}: no answer from {place}: {cause}{advice}"))
    }
}

/// The cause that all others come from; those only say that there was an error.
fn deepest(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn kind(status: u16, code: &str, text: &str) -> Kind {
    match (status, code) {
        // The type alone is also what a malformed request gets.
        (_, "ValidationException") if text.contains("Pre-Condition failed") => Kind::Stale,
        (_, "PreconditionFailed") => Kind::Stale,
        (_, "UnknownOperationException" | "InvalidURI") => Kind::UnknownOperation,
        (404, _) => Kind::NotFound,
        (413, _) => Kind::TooLarge,
        (429 | 500..=599, _) | (_, "ThrottlingException" | "Throttling") => Kind::Unavailable,
        (_, _) => Kind::Refused,
    }
}
