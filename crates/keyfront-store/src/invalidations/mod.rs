//! Invalidations: requests to drop objects from the caches of a distribution or of a tenant, their owner.
//!
//! They are never changed and go with their owner. What an edge does about one is not known here.

pub mod entries;

use keyfront_domain::arn::Arn;

use crate::list::{self, Index, Page, PageRequest, UnknownMarker};
use crate::records::{InvalidationRecord, OwnerId, Present, Progress, ProgressRecord};
use crate::{Abort, Engine, StoreError, Transaction, keyspace};

/// Why an invalidation is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An invalidation of the owner has the id.
    IdUsed,
    /// One of the owner was made with the caller reference: this one.
    CallerReferenceUsed(InvalidationRecord),
    /// Too many paths would be in progress.
    TooManyInProgress,
}

/// How much may be in progress for one owner at a time.
#[derive(Clone, Copy, Debug)]
pub struct InProgressLimits {
    /// Paths without a wildcard.
    pub files: u64,
    /// Paths with one.
    pub wildcards: u64,
}

/// Makes an invalidation of an owner whose existence the caller has read in the same transaction.
///
/// # Errors
/// [`Refused::IdUsed`], [`Refused::CallerReferenceUsed`] and [`Refused::TooManyInProgress`], the first of them in this
/// order.
pub async fn create(
    tx: &Transaction<'_>,
    owner: &Arn,
    record: &InvalidationRecord,
    limits: InProgressLimits,
) -> Result<(), Abort<Refused>> {
    let (key, progress_key) = (keyspace::invalidation(owner, &record.id), keyspace::progress(owner));
    let reference_key = keyspace::invalidation_reference(owner, &record.caller_reference);
    tx.fetch([key.bytes(), progress_key.bytes(), reference_key.bytes()]).await?;
    if tx.contains(&key).await? {
        return Err(Abort::Refused(Refused::IdUsed));
    }
    if let Some(OwnerId(id)) = tx.get(&reference_key).await?
        && let Some(earlier) = tx.get(&keyspace::invalidation(owner, &id)).await?
    {
        return Err(Abort::Refused(Refused::CallerReferenceUsed(earlier)));
    }
    let mut progress = tx.get(&progress_key).await?.unwrap_or_default();
    progress.invalidations.retain(|of_one| of_one.until_ms > record.created_ms);
    progress.invalidations.push(progress_of(record));
    let sum = |count: fn(&Progress) -> u64| progress.invalidations.iter().map(count).sum::<u64>();
    if sum(|of_one| of_one.files) > limits.files || sum(|of_one| of_one.wildcards) > limits.wildcards {
        return Err(Abort::Refused(Refused::TooManyInProgress));
    }
    tx.put(&key, record)?;
    tx.put(&keyspace::invalidation_order(owner, record.created_ms, &record.id), &Present)?;
    tx.put(&reference_key, &OwnerId(record.id.clone()))?;
    Ok(tx.put(&progress_key, &progress)?)
}

fn progress_of(record: &InvalidationRecord) -> Progress {
    let wildcards = record.paths.iter().filter(|path| path.ends_with('*')).count();
    let count = |paths: usize| u64::try_from(paths).unwrap_or(u64::MAX);
    Progress {
        id: record.id.clone(),
        until_ms: record.state.next.as_ref().map_or(record.created_ms, |next| next.at_ms),
        files: count(record.paths.len() - wildcards),
        wildcards: count(wildcards),
    }
}

/// The invalidation of an owner that has an id.
pub async fn find(
    engine: &dyn Engine,
    owner: &Arn,
    id: &str,
) -> Result<Option<InvalidationRecord>, StoreError> {
    keyspace::invalidation(owner, id).read(engine).await
}

/// How many invalidations of an owner are in progress at a moment, in milliseconds since the epoch; those that are held
/// are, whatever the moment.
pub async fn in_progress(
    engine: &dyn Engine,
    owner: &Arn,
    now_ms: i64,
    is_held: impl Fn(&str) -> bool + Send,
) -> Result<usize, StoreError> {
    let ProgressRecord { invalidations } = keyspace::progress(owner).read(engine).await?.unwrap_or_default();
    let in_progress = |of_one: &&Progress| of_one.until_ms > now_ms || is_held(&of_one.id);
    Ok(invalidations.iter().filter(in_progress).count())
}

/// Lists the invalidations of an owner, the newest first.
///
/// # Errors
/// The owner has no invalidation to begin after.
pub async fn list(
    engine: &dyn Engine,
    owner: &Arn,
    request: PageRequest<'_, InvalidationRecord>,
) -> Result<Page<InvalidationRecord>, Abort<UnknownMarker>> {
    let prefix = keyspace::invalidations(owner);
    let mut range = prefix.range();
    if let Some(id) = request.after {
        let record = find(engine, owner, id).await?.ok_or(Abort::Refused(UnknownMarker))?;
        range = range.after(&keyspace::invalidation_order(owner, record.created_ms, id).bytes());
    }
    let record =
        |place: &bytes::Bytes| Some(keyspace::invalidation(owner, keyspace::newest_id(&prefix.rest(place))?));
    Ok(list::page(engine, Index { range, record: &record }, request).await?)
}

/// Ends the invalidations of an owner that goes.
pub(crate) fn end(tx: &Transaction<'_>, owner: &Arn) {
    for range in keyspace::invalidations_ended(owner) {
        tx.delete_range(range);
    }
    tx.delete(&keyspace::progress(owner));
}
