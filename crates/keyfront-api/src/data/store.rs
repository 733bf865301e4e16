//! The store that a request names, and the refusals when it cannot be used.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_store::stores::PairsHead;

use crate::error::ApiError;

/// Reads `KvsARN`. What is not the ARN of a store names no store.
pub(crate) fn named(kvs_arn: &str) -> Result<KeyValueStoreArn, ApiError> {
    kvs_arn.parse().map_err(|_not_an_arn| not_found())
}

/// The refusal of an ARN that no store ever had.
pub(super) fn not_found() -> ApiError {
    ApiError::new("ResourceNotFoundException", "Resource was not found.")
}

/// The refusal of a store that is being provisioned, failed to be, or was deleted.
pub(super) fn not_in_expected_state() -> ApiError {
    ApiError::new("ConflictException", "Key-Value-Store was not in expected state")
}

/// Why a store cannot be read or written.
pub(crate) fn unusable(head: &PairsHead) -> ApiError {
    match head {
        PairsHead::Found(_) | PairsHead::Deleted => not_in_expected_state(),
        PairsHead::Absent => not_found(),
    }
}

/// The refusal of a key that the store does not have.
pub(super) fn no_such_key(key: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("Key {key} was not found."))
}
