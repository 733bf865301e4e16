//! Configuration resources: documents with an id, a version and perhaps a name.
//!
//! A public key, a key group and a profile are all the same here. What a configuration may say and what may change
//! about it is for the caller to check; here are the promises that need the store: names and caller references are
//! unique, domain names are one resource's among all accounts, what is referred to exists and stays, an account has no more than its quota.
//!
//! The verbs that change something are parts of a [transaction](crate::transact) of the caller's, who reads with
//! [`get`] in the same one whatever the change is checked against: the configuration before, the configurations of
//! targets, what must be so before a deletion. What was checked then still holds when the change is committed.

mod attach;
mod change;
mod create;
mod delete;
pub mod entries;
mod list;
mod settle;
mod update;

use std::collections::BTreeSet;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use serde_json::{Map, Value};

pub use attach::attach;
pub use create::{NewResource, create};
pub use delete::delete;
pub use list::{list, list_stored, list_with_built_in};
pub use settle::settle;
pub use update::update;

use crate::domain_names::Taken;
use crate::records::{ResourceRecord, StateRecord};
use crate::references::{InUse, NoSuchTarget};
use crate::{Engine, StoreError, Transaction, keyspace};

/// Why a resource is not created, changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The resource does not exist.
    Absent,
    /// The ETag that was given is not that of the resource.
    Stale,
    /// Another resource of its kind has the name.
    NameTaken(Arn),
    /// Another resource of its kind was made with the caller reference.
    CallerReferenceUsed(Arn),
    /// Another resource answers for a domain name.
    DomainNameTaken(Taken),
    /// It refers to a resource that does not exist.
    NoSuchTarget(NoSuchTarget),
    /// The account has as many of its kind as it may have.
    LimitReached,
    /// A resource has the id, or had it once; another one must be drawn.
    IdUsed,
    /// Others refer to it.
    InUse(InUse),
}

/// What a resource is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The name, where its kind has unique names.
    pub name: Option<String>,
    /// The reference of the request, where its kind has one.
    pub caller_reference: Option<String>,
    /// The whole configuration, by the model's names.
    pub config: Map<String, Value>,
    /// What is shown beside the configuration and was not sent, such as a domain name.
    pub shown: Map<String, Value>,
    /// Its state, where its kind has one.
    pub state: Option<StateRecord>,
    /// What the configuration refers to.
    pub references: BTreeSet<Arn>,
    /// The domain names that it answers for.
    pub domain_names: BTreeSet<String>,
    /// Those of [`references`](Content::references) that are built in: they exist without being stored.
    pub built_in: BTreeSet<Arn>,
}

/// What a resource holds, to be changed in part.
impl From<&ResourceRecord> for Content {
    fn from(record: &ResourceRecord) -> Content {
        Content {
            name: record.name.clone(),
            caller_reference: record.caller_reference.clone(),
            config: record.config.clone(),
            shown: record.shown.clone(),
            state: record.state.clone(),
            domain_names: record.domain_names.clone(),
            references: record.references.clone(),
            built_in: BTreeSet::new(),
        }
    }
}

/// The resource of this ARN, as the transaction left it.
pub async fn get(tx: &Transaction<'_>, arn: &Arn) -> Result<Option<ResourceRecord>, StoreError> {
    tx.get(&keyspace::resource(arn)).await
}

/// The resource of this ARN.
pub async fn find(engine: &dyn Engine, arn: &Arn) -> Result<Option<ResourceRecord>, StoreError> {
    keyspace::resource(arn).read(engine).await
}

/// The resource of a kind that was made with a caller reference.
pub async fn made_with(
    tx: &Transaction<'_>,
    account: AccountId,
    kind: ResourceKind,
    caller_reference: &str,
) -> Result<Option<Arn>, StoreError> {
    let owner = tx.get(&keyspace::caller_reference(account, kind, caller_reference)).await?;
    Ok(owner.map(|owner| Arn::new(account, kind, owner.0)))
}

/// All resources of a kind that an account has. It reads them whole, so it is for what is rarely asked.
pub async fn all(
    tx: &Transaction<'_>,
    account: AccountId,
    kind: ResourceKind,
) -> Result<Vec<ResourceRecord>, StoreError> {
    // Every creation and deletion counts, and a change of one that is there leaves its kind.
    let guard = keyspace::count(account, kind);
    let found = tx.scan(&keyspace::resources(account, kind), usize::MAX, &guard).await?;
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// The resource of a kind that has a name.
pub async fn named(
    tx: &Transaction<'_>,
    account: AccountId,
    kind: ResourceKind,
    name: &str,
) -> Result<Option<Arn>, StoreError> {
    let owner = tx.get(&keyspace::name(account, kind, name)).await?;
    Ok(owner.map(|owner| Arn::new(account, kind, owner.0)))
}
