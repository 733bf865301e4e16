//! The `KeyValueStore` document, and the refusals that its operations share.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::{AccountId, etag};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{KeyValueStoreRecord, Status};
use keyfront_store::stores::Refused;
use serde::Serialize;

use crate::control::if_match;

/// A key value store as the control plane shows it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyValueStore {
    name: String,
    id: String,
    /// Left out when it was never given: the Terraform provider tells that from an empty one.
    comment: Option<String>,
    #[serde(rename = "ARN")]
    arn: String,
    status: &'static str,
    last_modified_time: i64,
}

impl KeyValueStore {
    /// The document of a record.
    pub(super) fn of(account: AccountId, record: KeyValueStoreRecord) -> KeyValueStore {
        KeyValueStore {
            arn: KeyValueStoreArn { account, id: record.id }.to_string(),
            id: record.id.to_string(),
            name: record.name,
            comment: record.comment,
            status: record.status.as_str(),
            last_modified_time: record.modified_ms,
        }
    }

    /// The document that answers a creation: provisioning only begins then, however soon it ends.
    pub(super) fn just_created(account: AccountId, record: KeyValueStoreRecord) -> KeyValueStore {
        KeyValueStore { status: Status::Provisioning.as_str(), ..KeyValueStore::of(account, record) }
    }

    pub(super) fn arn(&self) -> &str {
        &self.arn
    }
}

/// The answer that shows a store and the ETag that the next change must name.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    key_value_store: KeyValueStore,
    #[serde(rename = "ETag")]
    etag: String,
}

impl Described {
    /// The answer for a record.
    pub(super) fn of(account: AccountId, record: KeyValueStoreRecord) -> Described {
        let etag = etag::control_plane(record.version);
        Described { key_value_store: KeyValueStore::of(account, record), etag }
    }
}

/// The refusal of a name that no store has.
pub(super) fn not_found() -> ServiceError {
    ServiceError::new(Code::EntityNotFound, "The entity was not found.")
}

/// What the store refuses, in the words of the operations of key value stores.
pub(super) fn refused(refused: &Refused) -> ServiceError {
    match refused {
        Refused::Absent => not_found(),
        Refused::Stale => if_match::stale(),
        Refused::NameTaken => ServiceError::new(
            Code::EntityAlreadyExists,
            "The entity already exists. You must provide a unique entity.",
        ),
        Refused::LimitReached => {
            ServiceError::new(Code::EntityLimitExceeded, "The entity limit has been exceeded.")
        }
        Refused::InUse(_) => ServiceError::new(
            Code::CannotDeleteEntityWhileInUse,
            "The entity cannot be deleted while it is in use.",
        ),
    }
}
