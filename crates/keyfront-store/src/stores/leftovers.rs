//! Leftovers: pairs of generations that no reader uses any more. Deletes them.
//!
//! A leftover is an entry that names a generation. Its pairs are deleted in bounded steps, then the entry; a
//! collection that breaks off is continued by the next. A generation is never used twice, so a leftover cannot
//! become current again.

use std::time::Duration;

use crate::records::{Generation, damaged};
use crate::{Batch, Engine, Entry, Range, StoreError, keyspace};

/// Pairs that one commit deletes at most.
const PAIRS_AT_ONCE: usize = 1_000;

/// A whole store is staged in seconds.
const LONGEST_STAGING: Duration = Duration::from_mins(1);

/// Makes leftovers of what an earlier process was staging, and collects all leftovers.
///
/// It is for the start of a server, before anything is staged: a stage that it ends never becomes visible, and
/// the verb that it belongs to begins again.
pub async fn clean_up(engine: &dyn Engine) -> Result<(), StoreError> {
    let stages = engine.read(&[Range::prefix(keyspace::stages())]).await?;
    end(engine, stages.range(0)).await?;
    collect(engine).await
}

/// The same where other servers may be staging at the same time: it ends the stages that are still there after longer than
/// a verb takes.
pub async fn clean_up_beside_others(engine: &dyn Engine) -> Result<(), StoreError> {
    let stages = engine.read(&[Range::prefix(keyspace::stages())]).await?;
    if !stages.range(0).is_empty() {
        tokio::time::sleep(LONGEST_STAGING).await;
        end(engine, stages.range(0)).await?;
    }
    collect(engine).await
}

/// Makes leftovers of stages.
async fn end(engine: &dyn Engine, stages: &[Entry]) -> Result<(), StoreError> {
    for stage in stages {
        let store = keyspace::store_of_stage(&stage.key).ok_or_else(|| damaged("stage"))?;
        let batch = Batch::default()
            .check(stage.key.clone(), stage.version)
            // A restore rests on its stages.
            .absent(keyspace::restoring())
            .delete(stage.key.clone())
            .put(keyspace::leftover(&store, Generation::of(stage.version)), "");
        // A conflict means that it has ended by itself.
        engine.commit(batch).await?;
    }
    Ok(())
}

/// Deletes the pairs of all leftovers.
pub(crate) async fn collect(engine: &dyn Engine) -> Result<(), StoreError> {
    loop {
        let found = engine.read(&[Range::prefix(keyspace::leftovers()).limit(1)]).await?;
        let Some(leftover) = found.range(0).first() else { return Ok(()) };
        let (store, generation) = keyspace::leftover_of(&leftover.key).ok_or_else(|| damaged("leftover"))?;
        let pairs = Range::prefix(keyspace::pairs_of(&store, generation));
        let some = engine.read(&[pairs.clone().limit(PAIRS_AT_ONCE)]).await?;
        let batch = match some.range(0).last() {
            Some(last) => Batch::default().delete_range(pairs.start, keyfront_engine::successor(&last.key)),
            None => Batch::default().delete(leftover.key.clone()),
        };
        engine.commit(batch).await?;
    }
}
