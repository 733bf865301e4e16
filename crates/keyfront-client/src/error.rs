//! Failures of calls: their kinds and their messages.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudfront::config::http::HttpResponse;
use aws_sdk_cloudfront::error::{ProvideErrorMetadata, SdkError};

use crate::no_connection::{NoConnection, causes};

/// What kind of failure it is, as far as a caller acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The store changed since its ETag was read.
    Stale,
    /// The store or the key does not exist.
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

/// The service itself, in messages.
pub(crate) const AWS: &str = "AWS";

/// The code of a failure that came without one.
const UNNAMED: &str = "UnknownError";

/// A call that failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ClientError {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// The request had been sent before, without an answer that says whether it was carried out.
    pub(crate) repeated: bool,
    message: String,
}

impl ClientError {
    /// A failure with a message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> ClientError {
        ClientError { kind, repeated: false, message: message.into() }
    }

    /// The failure to read or write a store between the writes of other clients.
    pub(crate) fn always_changing(arn: &str) -> ClientError {
        let message = format!("{arn} changed again and again while it was read or written; try later");
        ClientError::new(ErrorKind::Stale, message)
    }

    /// [`ClientError::always_changing`] in place of the last conflict.
    pub(crate) fn or_always_changing(self, arn: &str) -> ClientError {
        if self.kind == ErrorKind::Stale { ClientError::always_changing(arn) } else { self }
    }

    /// What the SDK says of a call of `operation` at `endpoint`.
    pub(crate) fn of<E>(operation: &str, endpoint: &str, error: &SdkError<E, HttpResponse>) -> ClientError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let SdkError::ServiceError(context) = error {
            let status = context.raw().status().as_u16();
            let code = error.code().unwrap_or(UNNAMED);
            if let Some(stranger) = stranger(endpoint, code, context.raw()) {
                // A server that lacks an extension may answer so too; then the service's own operations are tried.
                return ClientError::new(kind(status, code, ""), format!("{operation}: {stranger}"));
            }
            let text = error.message().unwrap_or("the service gave no reason");
            return ClientError::new(kind(status, code, text), format!("{operation}: {code}: {text}"));
        }
        if let Some(missing) = source_of::<CredentialsError>(error) {
            let cause = deepest(missing);
            let message = format!("{operation}: there are no credentials to sign with: {cause}");
            return ClientError::new(ErrorKind::Refused, message);
        }
        let cause = deepest(error);
        if matches!(error, SdkError::ConstructionFailure(_)) {
            return ClientError::new(ErrorKind::Refused, format!("{operation} cannot be sent: {cause}"));
        }
        let message = match (NoConnection::of(error), endpoint) {
            (Some(NoConnection::Tls(why)), _) => {
                let advice = tls_advice(&why, endpoint);
                let message = format!("{operation}: no secure connection to {endpoint}: {why}; {advice}");
                return ClientError::new(ErrorKind::Refused, message);
            }
            (None, _) if cause.contains("invalid HTTP version") => {
                let message = format!(
                    "{operation}: what answers at {endpoint} speaks no HTTP; if it is TLS, write {}",
                    endpoint.replacen("http://", "https://", 1)
                );
                return ClientError::new(ErrorKind::Refused, message);
            }
            (_, AWS) => format!("{operation}: AWS did not answer: {cause}; check the network"),
            _ => format!(
                "{operation}: no Keyfront server answered at {endpoint}: {cause}; start one with `keyfront dev`, or \
                 name another with --endpoint"
            ),
        };
        ClientError::new(ErrorKind::NoAnswer, message)
    }
}

/// What a person can do about a handshake that failed.
fn tls_advice(why: &str, endpoint: &str) -> String {
    if why.contains("InvalidContentType") || why.contains("corrupt message") {
        format!("what listens there speaks no TLS: write {}", endpoint.replacen("https", "http", 1))
    } else if why.contains("CaUsedAsEndEntity") {
        "its certificate is that of an authority; make one for the server alone, without CA:TRUE, that the authority \
         signs"
            .to_owned()
    } else if why.contains("UnknownIssuer") || why.contains("BadSignature") {
        "its certificate is signed by an authority that is not trusted here; name the authority's certificate with \
         --ca FILE, or in AWS_CA_BUNDLE"
            .to_owned()
    } else {
        "look at the server's certificate".to_owned()
    }
}

/// What an answer is that no API of Keyfront or AWS gave: each of theirs has a request id, or at least a code.
fn stranger(endpoint: &str, code: &str, answer: &HttpResponse) -> Option<String> {
    let status = answer.status().as_u16();
    if endpoint == AWS
        || code != UNNAMED
        || status >= 500
        || answer.headers().get("x-amzn-requestid").is_some()
    {
        return None;
    }
    let body = answer.body().bytes().unwrap_or_default();
    Some(if body.starts_with(b"The admin address has ") {
        format!(
            "{endpoint} is the admin address of a Keyfront server, not its endpoint, which is the URL after `ready` at \
             its start"
        )
    } else {
        format!(
            "what answers at {endpoint} is no Keyfront server (status {status}); name another with --endpoint"
        )
    })
}

/// The cause of this type, if there is one.
fn source_of<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// The cause that all others come from; those only say that there was an error.
fn deepest(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn kind(status: u16, code: &str, text: &str) -> ErrorKind {
    match (status, code) {
        // The type alone is also what a malformed request gets.
        (_, "ValidationException") if text.contains("Pre-Condition failed") => ErrorKind::Stale,
        (_, "PreconditionFailed") => ErrorKind::Stale,
        // A server that does not know the path may have no code for that.
        (_, "UnknownOperationException" | "InvalidURI") | (404, UNNAMED) | (405 | 501, _) => {
            ErrorKind::UnknownOperation
        }
        (404, _) => ErrorKind::NotFound,
        (413, _) => ErrorKind::TooLarge,
        (429 | 500..=599, _) | (_, "ThrottlingException" | "Throttling") => ErrorKind::Unavailable,
        (_, _) => ErrorKind::Refused,
    }
}
