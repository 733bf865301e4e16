//! `If-Match` of the control plane.

use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_wire::Operation;

/// The ETag that a request names. Without one the service answers `InvalidIfMatchVersion`, also where its
/// model says that the header is optional (aws/aws-sdk#576).
pub(crate) fn given(if_match: Option<&str>) -> Result<&str, ServiceError> {
    if_match.filter(|etag| !etag.is_empty()).ok_or_else(not_valid)
}

/// The ETag that a request about a resource names. `exists` refuses a resource that is gone, which comes before the refusal
/// of a request without an ETag, as it comes before that of a stale one; it is asked only where that matters.
pub(crate) async fn of<T>(
    if_match: Option<&str>,
    exists: impl Future<Output = Result<T, ServiceError>>,
) -> Result<&str, ServiceError> {
    match given(if_match) {
        Ok(etag) => Ok(etag),
        Err(missing) => exists.await.and(Err(missing)),
    }
}

/// Refuses an `If-Match` that is not the ETag of any version, as the service does of VPC origins (captures of 2026-10 in
/// MiniStack's tests).
pub(crate) fn check_form(if_match: &str) -> Result<(), ServiceError> {
    if etag::is_control_plane(if_match) { Ok(()) } else { Err(not_valid()) }
}

/// The refusal of a request without an ETag; of a stale one too, where the model has no `PreconditionFailed`.
pub(crate) fn not_valid() -> ServiceError {
    ServiceError::new(
        Code::InvalidIfMatchVersion,
        "The If-Match version is missing or not valid for the resource.",
    )
}

/// The refusal of an ETag that is not the resource's.
pub(crate) fn stale() -> ServiceError {
    ServiceError::new(
        Code::PreconditionFailed,
        "The request failed because it didn't meet the preconditions in one or more request-header fields.",
    )
}

/// How an operation refuses an ETag that is not the resource's.
pub(crate) fn conflict(operation: &Operation) -> ServiceError {
    if operation.errors.contains(&"PreconditionFailed") { stale() } else { not_valid() }
}
