//! What the newer families of the service have in common: they refuse in terms of entities, with the same codes and
//! texts, and an update of one names only what changes.

use keyfront_domain::arn::ResourceKind;
use keyfront_error::{Code, ServiceError};

use super::{NameTaken, Refusals, Target};
use crate::operation::Members;

/// The entity, or one that it refers to, does not exist.
pub(crate) const NOT_FOUND: ServiceError =
    ServiceError::new(Code::EntityNotFound, "The entity was not found.");

/// Another entity has the name.
pub(crate) const TAKEN: ServiceError = ServiceError::new(
    Code::EntityAlreadyExists,
    "The entity already exists. You must provide a unique entity.",
);

/// The account has as many as it may have.
pub(crate) const TOO_MANY: ServiceError =
    ServiceError::new(Code::EntityLimitExceeded, "The entity limit has been exceeded.");

/// Others refer to the entity.
pub(crate) const IN_USE: ServiceError =
    ServiceError::new(Code::CannotDeleteEntityWhileInUse, "The entity cannot be deleted while it is in use.");

/// The entity is enabled, or was disabled just now.
pub(crate) const NOT_DISABLED: ServiceError = ServiceError::new(
    Code::ResourceNotDisabled,
    "The specified CloudFront resource hasn't been disabled yet.",
);

/// What is refused of an entity: its deletion as `in_use` says, and the name of another one, also by an update where
/// that can change the name.
pub(crate) const fn refusals(in_use: ServiceError, name_changes: bool) -> Refusals {
    Refusals {
        absent: NOT_FOUND,
        name_taken: Some(NameTaken { refusal: TAKEN, on_update: name_changes }),
        caller_reference_used: None,
        too_many: TOO_MANY,
        in_use,
    }
}

/// An entity that another resource refers to.
pub(crate) const fn target(kind: ResourceKind) -> Target {
    target_if(kind, |_target| Ok(()))
}

/// An entity that another resource refers to, if `check` lets it.
pub(crate) const fn target_if(kind: ResourceKind, check: fn(&Members) -> Result<(), ServiceError>) -> Target {
    Target { kind, absent: NOT_FOUND, check, built_in: |_id| false }
}

/// A configuration with the members that an update sent in place of its own; the others stay.
pub(super) fn merged(before: &Members, sent: &Members) -> Members {
    let mut merged = before.clone();
    merged.extend(sent.clone());
    merged
}
