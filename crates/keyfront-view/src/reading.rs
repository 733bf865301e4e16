//! Reading stores from one snapshot, and what follows it.

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_store::records::Generation;
use keyfront_store::stores::entries;
use keyfront_store::{Changes, Engine, Range, Snapshot, StoreError, Version};

use crate::state::Store;

/// Stores as one snapshot has them.
pub(super) struct Reading {
    /// The snapshot's version.
    pub(super) version: Version,
    /// Each store that was asked for: nothing if it does not exist, an error if it cannot be read.
    pub(super) stores: Vec<(KeyValueStoreArn, Result<Option<Store>, StoreError>)>,
    /// What was committed after it.
    pub(super) changes: Changes,
}

/// Reads stores, on a thread that may take its time: a map of 90,000 pairs takes longer than a request may
/// wait.
pub(super) async fn read(
    engine: Arc<dyn Engine>,
    stores: Vec<KeyValueStoreArn>,
) -> Result<Reading, StoreError> {
    let snapshot = read_current(&*engine, &stores).await?;
    let version = snapshot.version;
    let changes = engine.watch(version).await?;
    let made = tokio::task::spawn_blocking(move || make(stores, &snapshot)).await;
    let stores = made.map_err(|error| StoreError::Read {
        message: "the task that read the key value stores was ended".to_owned(),
        source: Some(Arc::new(error)),
    })?;
    Ok(Reading { version, stores, changes })
}

/// The head and the current pairs of each store, from one snapshot.
async fn read_current(engine: &dyn Engine, stores: &[KeyValueStoreArn]) -> Result<Snapshot, StoreError> {
    // Most stores have pairs of their first generation only, so that is tried first.
    let mut generations = vec![Generation::FIRST; stores.len()];
    loop {
        let of_store = |(arn, generation): (&KeyValueStoreArn, &Generation)| {
            [Range::key(entries::head_key(arn)), entries::pairs_range(arn, *generation)]
        };
        let ranges: Vec<_> = stores.iter().zip(&generations).flat_map(of_store).collect();
        let snapshot = engine.read(&ranges).await?;
        // A head that cannot be read is an error of its store alone.
        let head = |index| snapshot.one(2 * index).and_then(|entry| entries::read_head(&entry.value).ok());
        let named = |(index, tried): (usize, &Generation)| head(index).map_or(*tried, |head| head.generation);
        let current: Vec<_> = generations.iter().enumerate().map(named).collect();
        if current == generations {
            return Ok(snapshot);
        }
        generations = current;
    }
}

fn make(
    stores: Vec<KeyValueStoreArn>,
    snapshot: &Snapshot,
) -> Vec<(KeyValueStoreArn, Result<Option<Store>, StoreError>)> {
    let store = |(index, arn)| {
        let (head, pairs) = (snapshot.one(2 * index), snapshot.range(2 * index + 1));
        (arn, Store::from_entries(snapshot.version, head, pairs))
    };
    stores.into_iter().enumerate().map(store).collect()
}
