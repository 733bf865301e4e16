//! What a resource holds beside its record: its name, its caller reference, its references.

use std::collections::BTreeSet;

use bytes::Bytes;
use keyfront_domain::arn::ResourceArn;

use super::Content;
use crate::records::ResourceRecord;
use crate::{Batch, Engine, Range, StoreError, keyspace, references};

/// Why a resource cannot hold what it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Another resource of its kind has the name.
    NameTaken,
    /// Another resource of its kind was made with the caller reference.
    CallerReferenceUsed,
    /// It refers to a resource that does not exist.
    NoSuchTarget(ResourceArn),
}

/// Adds to `batch` that the resource takes what `after` needs and gives back what only `before` needed.
///
/// The batch conflicts when somebody else takes a name, or deletes a target, in between.
pub(super) async fn change(
    engine: &dyn Engine,
    arn: &ResourceArn,
    before: Option<&ResourceRecord>,
    after: &Content,
    batch: Batch,
) -> Result<Result<Batch, Refused>, StoreError> {
    let name = |name: &String| keyspace::resource_name(arn, name);
    let (old, new) = (before.and_then(|record| record.name.as_ref()), after.name.as_ref());
    let Some(batch) = take(engine, old.map(name), new.map(name), batch).await? else {
        return Ok(Err(Refused::NameTaken));
    };
    let reference = |reference: &String| keyspace::caller_reference(arn, reference);
    let (old, new) =
        (before.and_then(|record| record.caller_reference.as_ref()), after.caller_reference.as_ref());
    let Some(batch) = take(engine, old.map(reference), new.map(reference), batch).await? else {
        return Ok(Err(Refused::CallerReferenceUsed));
    };
    refer(engine, arn, before, after, batch).await
}

/// Adds to `batch` that the resource gives back all that it holds.
pub(super) async fn give_back(
    engine: &dyn Engine,
    arn: &ResourceArn,
    record: &ResourceRecord,
    mut batch: Batch,
) -> Result<Batch, StoreError> {
    if let Some(name) = &record.name {
        batch = batch.delete(keyspace::resource_name(arn, name));
    }
    if let Some(reference) = &record.caller_reference {
        batch = batch.delete(keyspace::caller_reference(arn, reference));
    }
    for target in &record.references {
        batch = references::remove(engine, arn.account, target, &arn.to_string(), batch).await?;
    }
    Ok(batch)
}

/// Gives back the key `old` and takes the key `new`. Nothing: somebody has it.
async fn take(
    engine: &dyn Engine,
    old: Option<Bytes>,
    new: Option<Bytes>,
    mut batch: Batch,
) -> Result<Option<Batch>, StoreError> {
    if old == new {
        return Ok(Some(batch));
    }
    if let Some(new) = new {
        if engine.read(&[Range::key(new.clone())]).await?.one(0).is_some() {
            return Ok(None);
        }
        batch = batch.absent(new.clone()).put(new, "");
    }
    Ok(Some(match old {
        Some(old) => batch.delete(old),
        None => batch,
    }))
}

async fn refer(
    engine: &dyn Engine,
    arn: &ResourceArn,
    before: Option<&ResourceRecord>,
    after: &Content,
    mut batch: Batch,
) -> Result<Result<Batch, Refused>, StoreError> {
    let (account, referrer) = (arn.account, arn.to_string());
    let held = before.map(|record| record.references.clone()).unwrap_or_default();
    let mut wanted = BTreeSet::new();
    for target in &after.references {
        let name = target.to_string();
        // A target that is held already cannot have gone.
        if !held.contains(&name) {
            let key = keyspace::resource(target);
            let snapshot = engine.read(&[Range::key(key.clone())]).await?;
            let Some(entry) = snapshot.one(0) else {
                return Ok(Err(Refused::NoSuchTarget(target.clone())));
            };
            batch = batch.check(key, entry.version);
            batch = references::add(engine, account, &name, &referrer, batch).await?;
        }
        wanted.insert(name);
    }
    for target in held.difference(&wanted) {
        batch = references::remove(engine, account, target, &referrer, batch).await?;
    }
    Ok(Ok(batch))
}
