//! Migration of data that an earlier version of Keyfront wrote.
//!
//! The data has a format: how many of the steps below were made. [`migrate`] makes the others, in order, before
//! anything else reads the data. A step works in bounded commits and finds out from the data what is left to do,
//! so it can be stopped anywhere and goes on at the next start; the commit that ends it counts it.
//!
//! A saved state has no format of its own: it is what the tables held. Before one is put back, every step is made on
//! it, which changes nothing where nothing is left to do.

mod one_index;
#[cfg(test)]
mod tests;

use keyfront_engine::MemoryEngine;

use crate::records::Format;
use crate::saved_states::{self, SavedEntries};
use crate::{Batch, Engine, StoreError, Unusable, keyspace, transact};

/// The format of data that this version writes.
pub const CURRENT: u32 = 1;

/// Brings the data of an engine to the format of this version.
///
/// # Errors
/// Storage failed, or the data was written by a later version of Keyfront.
pub async fn migrate(engine: &dyn Engine) -> Result<(), StoreError> {
    let Format(made) = keyspace::format().read(engine).await?.unwrap_or_default();
    if made > CURRENT {
        let message = format!(
            "the data has format {made} and this version of Keyfront writes format {CURRENT}; start the version \
             that wrote it, or restore a backup"
        );
        return Err(Unusable::new(message).into());
    }
    if made < 1 {
        one_index::run(engine).await?;
        count(engine, 1).await?;
    }
    Ok(())
}

async fn count(engine: &dyn Engine, made: u32) -> Result<(), StoreError> {
    transact(engine, |tx| async move { tx.put(&keyspace::format(), &Format(made)) }).await
}

/// A saved state as this version would have saved it.
pub(crate) async fn migrated(saved: &SavedEntries) -> Result<SavedEntries, StoreError> {
    if !saved.entries().iter().any(|(key, value)| one_index::is_old(key, value)) {
        return Ok(saved.clone());
    }
    let engine = MemoryEngine::new();
    let put =
        |batch: Batch, (key, value): &(bytes::Bytes, bytes::Bytes)| batch.put(key.clone(), value.clone());
    engine.commit(saved.entries().iter().fold(Batch::default(), put)).await?;
    one_index::run(&engine).await?;
    saved_states::take(&engine).await
}
