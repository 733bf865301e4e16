//! Records of the control plane, as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Created, Document};

impl Document for KeyValueStoreRecord {}
impl Document for DeletedRecord {}
impl Document for TagsRecord {}
impl Document for ReferencesRecord {}
impl Document for ResourceRecord {}
impl Document for CountRecord {}
impl Document for OwnerArn {}
impl Document for InvalidationRecord {}
impl Document for ProgressRecord {}
impl Document for CredentialRecord {}

impl Created for KeyValueStoreRecord {
    fn created_ms(&self) -> i64 {
        self.created_ms
    }
}

impl Created for ResourceRecord {
    fn created_ms(&self) -> i64 {
        self.created_ms
    }
}

/// The resource that answers for a domain name. Unlike a name, it may be of any account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerArn(pub Arn);

/// A request to drop objects from the caches of a distribution or of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidationRecord {
    /// Its id.
    pub id: String,
    /// The reference of the request that made it.
    pub caller_reference: String,
    /// The paths, as they were sent.
    pub paths: Vec<String>,
    /// Milliseconds since the epoch.
    pub created_ms: i64,
    /// `InProgress`, and when it becomes `Completed`.
    pub state: StateRecord,
}

/// The invalidations of a distribution or a tenant that may not be completed. Every new invalidation writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressRecord {
    /// One for each.
    pub invalidations: Vec<Progress>,
}

/// How much of an invalidation is in progress, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Its id.
    pub id: String,
    /// When it is completed, in milliseconds since the epoch.
    pub until_ms: i64,
    /// Paths without a wildcard.
    pub files: u64,
    /// Paths with one.
    pub wildcards: u64,
}

/// A key value store as the control plane sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyValueStoreRecord {
    /// Its name, unique in the account.
    pub name: String,
    /// Its id.
    pub id: Uuid,
    /// Its comment; a comment that was never given is not an empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether it can be used yet.
    pub status: Status,
    /// Why its import failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// Where its first pairs come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportRecord>,
    /// Milliseconds since the epoch.
    pub created_ms: i64,
    /// Milliseconds since the epoch: the last change of status or comment.
    pub modified_ms: i64,
    /// Counts the changes of the configuration, from 1. The control plane's ETag is made of it.
    pub version: u64,
}

/// The states of a key value store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Its import runs, or an injected fault holds it back.
    Provisioning,
    /// It can be used.
    Ready,
    /// Its import failed; it holds nothing.
    ImportFailure,
}

impl Status {
    /// The word that both planes use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Provisioning => "PROVISIONING",
            Status::Ready => "READY",
            Status::ImportFailure => "IMPORT_FAILURE",
        }
    }
}

/// An object to import from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// `S3`.
    pub source_type: String,
    /// `arn:aws:s3:::bucket/key`.
    pub source_arn: String,
}

/// An id that a resource had. The data plane answers differently for that of a store than for one that never was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedRecord {
    /// When the resource was created, in milliseconds since the epoch: a list can still go on after it.
    pub created_ms: i64,
    /// When it was deleted.
    pub deleted_ms: i64,
}

/// The tags of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsRecord {
    /// Values by key.
    pub tags: BTreeMap<String, String>,
}

/// How many resources refer to one. Every transaction that adds or removes a reference writes this record too, so
/// that deleting the resource and referring to it cannot both succeed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferencesRecord {
    /// Number of referrers.
    pub count: u64,
}

/// A configuration resource: a document with an id and a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRecord {
    /// Its id.
    pub id: String,
    /// Its name, where its kind has unique names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The reference of the request that made it, where its kind has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_reference: Option<String>,
    /// The configuration as it was sent, by the model's names: what was absent is absent.
    pub config: Map<String, Value>,
    /// What is shown beside the configuration and was not sent, by the model's names.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub shown: Map<String, Value>,
    /// Its state, where its kind has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateRecord>,
    /// The resources that the configuration refers to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub references: BTreeSet<Arn>,
    /// The domain names that it answers for, which no other resource of any account has.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub domain_names: BTreeSet<String>,
    /// Documents that belong to it and have neither an id nor a version of their own, such as a subscription to its
    /// metrics, by their name in the model.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub attached: Map<String, Value>,
    /// Milliseconds since the epoch.
    pub created_ms: i64,
    /// Milliseconds since the epoch: the last update.
    pub modified_ms: i64,
    /// Counts the changes of the configuration, from 0 or 1 as its kind does. The ETag is made of it.
    pub version: u64,
}

impl ResourceRecord {
    /// The record at a moment, in milliseconds since the epoch, of a kind for which the end of a change is a version of its
    /// own: one version further once the last change has settled.
    #[must_use]
    pub fn settled_at(mut self, now_ms: i64) -> ResourceRecord {
        let next = self.state.as_mut().and_then(|state| state.next.take_if(|next| next.at_ms <= now_ms));
        if let Some(next) = next {
            self.state = Some(StateRecord { name: next.name, next: None });
            self.version = self.version.saturating_add(1);
        }
        self
    }
}

/// A state, and the one that follows it without another write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// The word that is shown, such as `InProgress`.
    pub name: String,
    /// What it becomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextState>,
}

/// A state that begins by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextState {
    /// The word that is shown from then on, such as `Deployed`.
    pub name: String,
    /// When it begins, in milliseconds since the epoch.
    pub at_ms: i64,
}

impl StateRecord {
    /// The word for what it is at a moment, in milliseconds since the epoch.
    #[must_use]
    pub fn at(&self, now_ms: i64) -> &str {
        match &self.next {
            Some(next) if next.at_ms <= now_ms => &next.name,
            Some(_) | None => &self.name,
        }
    }
}

/// How many resources of a kind an account has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRecord {
    /// Number of resources.
    pub count: u64,
}

/// A credential. Its secret is sealed: the store never holds the key that opens it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRecord {
    /// Such as `AKIAIOSFODNN7EXAMPLE`.
    pub access_key_id: String,
    /// The account that it acts in.
    pub account: AccountId,
    /// The user that refusals name.
    pub user_name: String,
    /// The IAM policy document, as it was given.
    pub policy: String,
    /// The sealed secret, base64.
    pub sealed_secret: String,
    /// Milliseconds since the epoch.
    pub created_ms: i64,
}

impl fmt::Debug for CredentialRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialRecord")
            .field("access_key_id", &self.access_key_id)
            .field("account", &self.account)
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}
