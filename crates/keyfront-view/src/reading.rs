//! Reading stores from one snapshot, and what follows it.

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
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
    let ranges: Vec<_> = stores
        .iter()
        .flat_map(|arn| [Range::key(entries::head_key(arn)), entries::pairs_range(arn)])
        .collect();
    let snapshot = engine.read(&ranges).await?;
    let version = snapshot.version;
    let changes = engine.watch(version).await?;
    let made = tokio::task::spawn_blocking(move || make(stores, &snapshot)).await;
    let stores = made.map_err(|error| StoreError::Read {
        message: "the task that read the key value stores was ended".to_owned(),
        source: Some(Arc::new(error)),
    })?;
    Ok(Reading { version, stores, changes })
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
