//! Configuration resources: documents with an id, a version and perhaps a name, each verb as one checked
//! commit.
//!
//! A public key, a key group and a profile are all the same here. What a configuration may say and what
//! may change about it is for the caller to check; here are the promises that need the store: names and
//! caller references are unique, what is referred to exists and stays, an account has no more than its
//! quota. As with [stores](crate::stores), *absent*, *stale* and the like are values, and every loop
//! ends because each round rests on a commit that another caller made.
//!
//! An id is never used twice, but a restore sets a document back to an earlier version, from which it may
//! become something else. So one id and version can have two contents, and whoever checks a change against
//! what it read names the [`Version`] of the entry that it read, which never comes back.

mod create;
mod delete;
mod hold;
mod list;
mod update;

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceArn;
use serde_json::{Map, Value};

use crate::records::{ResourceRecord, decode};
use crate::{Engine, Range, StoreError, Version, keyspace};

pub use create::{Create, create};
pub use delete::{Delete, delete};
pub use hold::Refused;
pub use list::{Page, list};
pub use update::{Update, update};

/// What a client gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The name, where its kind has unique names.
    pub name: Option<String>,
    /// The reference of the request, where its kind has one.
    pub caller_reference: Option<String>,
    /// The whole configuration, by the model's names.
    pub config: Map<String, Value>,
    /// What the configuration refers to.
    pub references: BTreeSet<ResourceArn>,
}

/// The resource of this ARN.
pub async fn find(engine: &dyn Engine, arn: &ResourceArn) -> Result<Option<ResourceRecord>, StoreError> {
    Ok(held(engine, arn).await?.map(|(record, _)| record))
}

/// The resource of this ARN, together with the version of its entry, which a commit can check.
pub async fn held(
    engine: &dyn Engine,
    arn: &ResourceArn,
) -> Result<Option<(ResourceRecord, Version)>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::resource(arn))]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    Ok(Some((decode("resource", &entry.value)?, entry.version)))
}

/// The record of a resource that was just made.
fn first_version(arn: &ResourceArn, content: &Content, now_ms: i64) -> ResourceRecord {
    ResourceRecord {
        id: arn.id.clone(),
        name: content.name.clone(),
        caller_reference: content.caller_reference.clone(),
        config: content.config.clone(),
        references: content.references.iter().map(ToString::to_string).collect(),
        created_ms: now_ms,
        modified_ms: now_ms,
        version: 1,
    }
}
