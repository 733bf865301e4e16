//! The store that a request names, and the refusals when it cannot be used.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::PairsHead;

use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// The store that the member `KvsARN` names.
pub(crate) struct StoreByArn {
    given: String,
    arn: Option<KeyValueStoreArn>,
}

impl StoreByArn {
    /// The ARN. What is not the ARN of a store names no store.
    pub(crate) fn named(&self) -> Result<KeyValueStoreArn, ServiceError> {
        self.arn.ok_or_else(not_found)
    }
}

impl Subject for StoreByArn {
    async fn find(_cx: &Context, _account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let given = text(input, "KvsARN").to_owned();
        Ok(StoreByArn { arn: given.parse().ok(), given })
    }

    /// An id can be written in capital letters too; a policy or a tag on the store must not miss it.
    fn arn(&self) -> Cow<'_, str> {
        match self.arn {
            Some(arn) => Cow::Owned(arn.to_string()),
            None => Cow::Borrowed(&self.given),
        }
    }
}

/// The refusal of an ARN that no store ever had.
pub(super) fn not_found() -> ServiceError {
    ServiceError::new(Code::ResourceNotFoundException, "Resource was not found.")
}

/// The refusal of a store that is being provisioned, failed to be, or was deleted.
pub(super) fn not_in_expected_state() -> ServiceError {
    ServiceError::new(Code::ConflictException, "Key-Value-Store was not in expected state")
}

/// Why a store cannot be read or written.
pub(crate) fn unusable(head: &PairsHead) -> ServiceError {
    match head {
        PairsHead::Found(_) | PairsHead::Deleted => not_in_expected_state(),
        PairsHead::Absent => not_found(),
    }
}

/// The refusal of a key that the store does not have.
pub(super) fn no_such_key(key: &str) -> ServiceError {
    ServiceError::with(Code::ResourceNotFoundException, format!("Key {key} was not found."))
}
