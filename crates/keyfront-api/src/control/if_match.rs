//! `If-Match` of the control plane.

use crate::error::ApiError;

/// The ETag that a request names. Without one the service answers `InvalidIfMatchVersion`, also where its
/// model says that the header is optional (aws/aws-sdk#576).
pub(super) fn given(if_match: Option<&str>) -> Result<&str, ApiError> {
    if_match.filter(|etag| !etag.is_empty()).ok_or_else(|| {
        ApiError::new(
            "InvalidIfMatchVersion",
            "The If-Match version is missing or not valid for the resource.",
        )
    })
}

/// The refusal of an ETag that is not the resource's.
pub(crate) fn stale() -> ApiError {
    ApiError::new(
        "PreconditionFailed",
        "The request failed because it didn't meet the preconditions in one or more request-header fields.",
    )
}
