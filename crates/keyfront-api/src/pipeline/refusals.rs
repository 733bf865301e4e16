//! The refusals of requests that did not get as far as their operation.

use keyfront_error::{Code, ServiceError};
use keyfront_wire::signature::{Category, SignatureError};

/// The refusal of a signature.
pub(super) fn signature(error: &SignatureError) -> ServiceError {
    let code = match error.category() {
        Category::MissingToken => Code::MissingAuthenticationToken,
        Category::Incomplete => Code::IncompleteSignature,
        Category::Invalid => Code::SignatureDoesNotMatch,
    };
    ServiceError::with(code, error.to_string())
}

/// Longest name of a service that a refusal repeats, in characters; AWS's own are shorter.
const MAX_SERVICE_NAME: usize = 64;

/// The refusal of a request for a service of AWS that Keyfront does not have.
pub(super) fn no_such_service(signing_name: &str) -> ServiceError {
    let name: String = signing_name.chars().take(MAX_SERVICE_NAME).collect();
    let message = format!(
        "Keyfront does not have the service '{name}'. It has 'cloudfront', 'cloudfront-keyvaluestore', \
         sts:GetCallerIdentity and iam:GetUser; point only their clients here, and those of '{name}' at AWS or at \
         another server."
    );
    ServiceError::with(Code::NotImplemented, message)
}

/// The refusal of an unknown access key id.
pub(super) fn unknown_key() -> ServiceError {
    ServiceError::new(Code::InvalidClientTokenId, "The security token included in the request is invalid.")
}

/// The refusal of what a policy does not allow.
pub(super) fn access_denied(message: String) -> ServiceError {
    ServiceError::with(Code::AccessDenied, message)
}

/// The refusal of a body that is longer than any request needs.
pub(super) fn body_too_large(limit: usize) -> ServiceError {
    let message = format!("The body of the request is larger than {limit} bytes.");
    ServiceError::with(Code::RequestEntityTooLarge, message)
}

/// The refusal of a body that does not arrive.
pub(super) fn body_too_slow() -> ServiceError {
    ServiceError::new(Code::RequestTimeout, "The body of the request did not arrive in time.")
}

/// The refusal of a body that ended early.
pub(super) fn broken_body() -> ServiceError {
    ServiceError::new(Code::IncompleteBody, "The body of the request ended before it was complete.")
}

/// The refusal of a request that does not fit into memory now. SDKs try it again.
pub(crate) fn throttled() -> ServiceError {
    ServiceError::new(Code::Throttling, "Rate exceeded")
}

/// An operation that the model has and Keyfront has not.
pub(crate) fn not_implemented(operation: &str) -> ServiceError {
    ServiceError::with(Code::NotImplemented, format!("Keyfront does not implement {operation} yet."))
}
