//! Records, key layout, the engine seam, the memory and embedded engines.

pub mod credentials;
pub mod embedded;
pub mod engine;
pub mod functions;
mod keyspace;
pub mod memory;
pub mod records;
pub mod references;
pub mod resources;
pub mod snapshots;
pub mod stores;
pub mod tags;
mod transaction;

pub use embedded::EmbeddedEngine;
pub use engine::{
    Batch, Change, ChangeLog, Changes, Check, Engine, Entry, Next, Outcome, Range, Snapshot, Stats,
    StoreError, Unusable, Version, Write,
};
pub use memory::MemoryEngine;
pub use transaction::{Abort, Key, Prefix, Record, Table, Transaction, transact};
