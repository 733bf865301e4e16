//! References between resources: which resources use a target, so that it cannot be deleted meanwhile.
//!
//! Any resource can refer to any other of its account. A reference is made in the transaction that stores the
//! referrer, which reads the target's record and its count; so the target exists then, and its deletion, which reads
//! the count too, cannot pass beside it. One transaction can change any number of references, also several to one
//! target.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, FunctionArn, KeyValueStoreArn, ResourceKind};

use crate::list::Page;
use crate::records::{Present, ReferencesRecord, damaged, next};
use crate::{Abort, Engine, Entry, Key, Range, StoreError, Transaction, keyspace};

/// Referrers that a refusal names.
const NAMED: usize = 10;

/// A reference to a resource that does not exist; of a function, to one that was never published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchTarget {
    /// What was referred to.
    pub target: Arn,
    /// The kind of what refers to it, which decides how the refusal is worded.
    pub referrer: ResourceKind,
}

/// A resource that others refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InUse {
    /// How many do.
    pub count: u64,
    /// The first of them, in the order of their ARNs.
    pub by: Vec<Arn>,
}

/// Whether a resource of any kind exists.
pub async fn exists(tx: &Transaction<'_>, arn: &Arn) -> Result<bool, StoreError> {
    match arn.kind() {
        ResourceKind::KEY_VALUE_STORE => match KeyValueStoreArn::try_from(arn) {
            Ok(store) => tx.contains(&keyspace::store(&store)).await,
            Err(_no_id_of_a_store) => Ok(false),
        },
        ResourceKind::FUNCTION => match FunctionArn::try_from(arn) {
            Ok(function) => tx.contains(&keyspace::function(&function)).await,
            Err(_no_name_of_a_function) => Ok(false),
        },
        _document => tx.contains(&keyspace::resource(arn)).await,
    }
}

/// Makes `referrer` refer to everything in `after`, and no longer to what was only in `before`. Targets that are
/// built in exist without a record, so they are not looked for.
///
/// A function is referred to in its stage LIVE, so one that has none is not there.
pub(crate) async fn change(
    tx: &Transaction<'_>,
    referrer: &Arn,
    before: &BTreeSet<Arn>,
    after: &BTreeSet<Arn>,
    built_in: &BTreeSet<Arn>,
) -> Result<(), Abort<NoSuchTarget>> {
    // A target that is held already cannot have gone.
    for target in after.difference(before) {
        if !built_in.contains(target) && !can_be_held(tx, target).await? {
            let target = target.clone();
            return Err(Abort::Refused(NoSuchTarget { target, referrer: referrer.kind() }));
        }
        set(tx, target, referrer, true).await?;
    }
    for target in before.difference(after) {
        set(tx, target, referrer, false).await?;
    }
    Ok(())
}

async fn can_be_held(tx: &Transaction<'_>, target: &Arn) -> Result<bool, StoreError> {
    match FunctionArn::try_from(target) {
        Ok(function) => {
            let record = tx.get(&keyspace::function(&function)).await?;
            Ok(record.is_some_and(|record| record.live.is_some()))
        }
        Err(_other_kind) => exists(tx, target).await,
    }
}

async fn set(tx: &Transaction<'_>, target: &Arn, referrer: &Arn, wanted: bool) -> Result<(), StoreError> {
    let (count_key, key) = (keyspace::references(target), keyspace::referrer(target, referrer));
    tx.fetch([count_key.bytes(), key.bytes()]).await?;
    if tx.contains(&key).await? == wanted {
        return Ok(());
    }
    let ReferencesRecord { count } = tx.get(&count_key).await?.unwrap_or_default();
    let count = if wanted { next(count, "references")? } else { count.saturating_sub(1) };
    tx.put(&count_key, &ReferencesRecord { count })?;
    if wanted {
        tx.put(&key, &Present)?;
    } else {
        tx.delete(&key);
    }
    Ok(())
}

/// Ends what is known of a target that is about to go.
///
/// # Errors
/// Others refer to it.
pub(crate) async fn forget(tx: &Transaction<'_>, target: &Arn) -> Result<(), Abort<InUse>> {
    let key = keyspace::references(target);
    let ReferencesRecord { count } = tx.get(&key).await?.unwrap_or_default();
    if count > 0 {
        let found = tx.scan(&keyspace::referrers(target, None), NAMED, &key).await?;
        let by = found.iter().map(|(rest, _)| arn(rest)).collect::<Result<_, _>>()?;
        return Err(Abort::Refused(InUse { count, by }));
    }
    tx.delete(&key);
    Ok(())
}

fn arn(text: &[u8]) -> Result<Arn, StoreError> {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or_else(|| damaged("referrer"))
}

/// The ids of the resources of a kind that refer to `target`, in their order, after the id `after`, which need not
/// be one of them.
pub async fn referrers(
    engine: &dyn Engine,
    target: &Arn,
    kind: ResourceKind,
    after: Option<&str>,
    max_items: usize,
) -> Result<Page<String>, StoreError> {
    let prefix = keyspace::referrers(target, Some(kind));
    let mut range = prefix.range().limit(max_items.saturating_add(1));
    if let Some(id) = after {
        let place = keyspace::referrer(target, &Arn::new(target.account, kind, id));
        range = range.after(&place.bytes());
    }
    let found = engine.read(&[range]).await?;
    let entries = found.ranges.first().map(Vec::as_slice).unwrap_or_default();
    let id = |rest: &[u8]| String::from_utf8(rest.to_vec()).map_err(|_damaged| damaged("referrer"));
    let ids = entries.iter().take(max_items).map(|entry| id(&prefix.rest(&entry.key)));
    Ok(Page { items: ids.collect::<Result<_, _>>()?, more: entries.len() > max_items })
}

/// How many resources refer to `target`, as the transaction left it.
pub async fn count_in(tx: &Transaction<'_>, target: &Arn) -> Result<u64, StoreError> {
    Ok(tx.get(&keyspace::references(target)).await?.unwrap_or_default().count)
}

/// How many resources refer to `target`.
pub async fn count(engine: &dyn Engine, target: &Arn) -> Result<u64, StoreError> {
    Ok(keyspace::references(target).read(engine).await?.unwrap_or_default().count)
}

/// How many resources refer to each of these targets, in their order, at one moment.
pub async fn counts(engine: &dyn Engine, targets: &[Arn]) -> Result<Vec<u64>, StoreError> {
    let keys: Vec<_> = targets.iter().map(keyspace::references).collect();
    let ranges: Vec<_> = keys.iter().map(|key| Range::key(key.bytes())).collect();
    let found = engine.read(&ranges).await?.ranges;
    let count = |(key, entries): (&Key<ReferencesRecord>, Vec<Entry>)| match entries.first() {
        Some(entry) => Ok(key.table().decode(&entry.value)?.count),
        None => Ok(0),
    };
    keys.iter().zip(found).map(count).collect()
}
