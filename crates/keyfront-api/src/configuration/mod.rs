//! Resources that are a configuration document with an ETag: described once, not copied.
//!
//! Public keys, key groups, and the configurations and profiles of field-level encryption differ in their
//! names, their limits and what their documents may say. Everything else about them is here: reading
//! `If-Match`, the order in which refusals win, ids, ETags, pages, references. A resource is an
//! `impl` of [`Resource`] in a file of its own, which also names its six operations.

pub(crate) mod counted;
mod create;
mod delete;
mod document;
mod get;
mod list;
mod proposal;
mod update;

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{Quotas, Refusal};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use create::Create;
pub(crate) use delete::Delete;
pub(crate) use get::{Get, GetConfig};
pub(crate) use list::List;
pub(crate) use update::Update;

use crate::error::ApiError;
use crate::operation::Subject;

/// The description of a kind of resource, and the rules of its documents.
pub(crate) trait Resource: Send + Sync + 'static {
    /// What it is called in ARNs.
    const KIND: ResourceKind;
    /// What it is called in the model.
    const NAMES: Names;
    /// What policies know about it: a resource of its own, or only the account.
    const SUBJECT: Subject;
    /// What is refused, and how.
    const REFUSALS: Refusals;
    /// Its configuration as its rules see it. What is stored and shown is what the client sent.
    type Config: DeserializeOwned + Send + Sync;

    /// A fresh id, in the form of this kind.
    fn id(random: Uuid) -> String;

    /// How many an account may have.
    fn quota(quotas: &Quotas) -> u64;

    /// Adds what the service adds to a configuration that leaves it out.
    fn complete(_config: &mut Map<String, Value>) {}

    /// Refuses a configuration that cannot be.
    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), Refusal>;

    /// Refuses a change of what cannot change.
    fn check_change(_before: &Self::Config, _after: &Self::Config) -> Result<(), Refusal> {
        Ok(())
    }

    /// The name that no other resource of the kind and account may have.
    fn name(config: &Self::Config) -> Option<&str>;

    /// The reference that no other request for one may carry.
    fn caller_reference(config: &Self::Config) -> Option<&str>;

    /// What it refers to, by kind and id.
    fn references(_config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        BTreeSet::new()
    }

    /// Refuses a resource that it refers to, by that one's configuration.
    fn check_target(_target: &Map<String, Value>) -> Result<(), Refusal> {
        Ok(())
    }
}

/// The words of the model.
pub(crate) struct Names {
    /// Operations.
    pub(crate) create: &'static str,
    pub(crate) get: &'static str,
    pub(crate) get_config: &'static str,
    pub(crate) update: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) list: &'static str,
    /// The member that holds the resource, such as `PublicKey`.
    pub(crate) document: &'static str,
    /// The member that holds its configuration, such as `PublicKeyConfig`.
    pub(crate) config: &'static str,
    /// The member that holds a page of them, such as `PublicKeyList`.
    pub(crate) page: &'static str,
    /// What its path begins with, such as `public-key`.
    pub(crate) path: &'static str,
    /// Its time.
    pub(crate) time: Time,
    /// How an item of a page looks.
    pub(crate) summary: Summary,
}

/// Which time a resource shows.
pub(crate) enum Time {
    /// `CreatedTime`.
    Created,
    /// `LastModifiedTime`.
    LastModified,
}

/// How an item of a page looks.
pub(crate) enum Summary {
    /// Id and time beside the members of the configuration.
    Flat,
    /// The whole resource, under its own name.
    Whole,
}

/// What is refused, each with the code and the text of the service.
pub(crate) struct Refusals {
    /// The id is nobody's.
    pub(crate) absent: Refusal,
    /// The name is another's.
    pub(crate) name_taken: Refusal,
    /// The caller reference was used.
    pub(crate) caller_reference_used: Refusal,
    /// The account has as many as it may have.
    pub(crate) too_many: Refusal,
    /// Something refers to it.
    pub(crate) in_use: Refusal,
    /// What it refers to is not there.
    pub(crate) no_such_target: Refusal,
}

/// The input of an operation, or its output, by the model's names.
type Members = Map<String, Value>;

/// The ARN of a resource that the input names.
fn named<R: Resource>(account: keyfront_domain::AccountId, input: &Members) -> Arn {
    Arn::new(account, R::KIND, text(input, "Id").unwrap_or_default())
}

/// A member of an input that is text.
fn text<'i>(input: &'i Members, member: &str) -> Option<&'i str> {
    input.get(member).and_then(Value::as_str)
}

/// The rules' view of a configuration.
fn view<R: Resource>(config: &Members) -> Result<R::Config, ApiError> {
    serde_json::from_value(Value::Object(config.clone())).map_err(ApiError::internal)
}
