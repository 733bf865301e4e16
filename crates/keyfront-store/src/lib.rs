//! Records, key layout and the verbs of every resource, over the engine seam of `keyfront-engine`.

pub mod copying;
pub mod counts;
pub mod credentials;
pub mod domain_names;
pub mod functions;
pub mod invalidations;
mod keyspace;
pub mod list;
pub mod migration;
pub mod records;
pub mod references;
pub mod replication;
pub mod resources;
pub mod saved_states;

pub mod stores;
pub mod tags;
mod transaction;

pub use keyfront_engine::{
    Batch, Change, Changes, Check, Engine, Entry, Limits, Next, Outcome, Range, Snapshot, Stats, StoreError,
    Unusable, Version, Write,
};
pub use transaction::{Abort, Key, Prefix, Record, Table, Transaction, transact};

/// The batch of a change to what a saved state holds: it is not made in the middle of a restore.
fn apart_from_restores(batch: Batch) -> Batch {
    if batch.writes.is_empty() { batch } else { batch.absent(keyspace::restoring()) }
}
