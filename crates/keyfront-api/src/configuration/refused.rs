//! Refusals in the terms of an operation: each declares codes of its own for rules that it shares with others.

use keyfront_error::{Code, Protocol, ServiceError};

/// A refusal by an operation that declares these codes: what has a code that it does not declare is said of an argument.
pub(crate) fn in_terms_of(codes: &[Code], error: ServiceError) -> ServiceError {
    let code = error.code();
    if error.failure().is_some() || code.common(Protocol::RestXml).is_some() || codes.contains(&code) {
        return error;
    }
    as_argument(&error)
}

/// The same refusal, said of an argument.
pub(super) fn as_argument(error: &ServiceError) -> ServiceError {
    ServiceError::with(Code::InvalidArgument, error.message().to_owned())
}
