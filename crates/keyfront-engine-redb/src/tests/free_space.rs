//! When the record of free space is written, and what an open does without it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redb::Database;

use super::platter::Platter;
use super::{contents, open, open_with, put, small};
use crate::RedbEngine;
use crate::disk::Disk;
use keyfront_engine::{Batch, Engine, Version};

/// An engine with a few entries.
async fn begin(pause: Duration) -> (Arc<Platter>, RedbEngine) {
    let platter = Arc::new(Platter::default());
    let engine = open_with(&platter, small(), pause).unwrap();
    let put = |batch: Batch, i| batch.put(format!("key-{i:03}"), vec![b'x'; 1000]);
    engine.commit((0..256).fold(Batch::default(), put)).await.unwrap();
    (platter, engine)
}

/// An engine that opens what a killed process left reads no more than redb does to find the free space.
#[tokio::test]
async fn a_file_that_was_not_closed_is_read_through_once() {
    let (left, _engine) = begin(Duration::from_hours(1)).await;
    let (for_redb, for_engine) = (Platter::holding(left.now()), Platter::holding(left.now()));
    drop(Database::builder().create_with_backend(Disk::new(for_redb.clone()).unwrap()).unwrap());
    drop(open_with(&for_engine, small(), Duration::from_hours(1)).unwrap());
    let (needed, done) = (for_redb.reads(), for_engine.reads());
    assert!(needed > 64, "a leaf holds a few of the 256 values: {needed}");
    assert!(done < needed * 3 / 2, "{done} reads where redb has {needed}");
}

/// Whether redb reads the file through that a process leaves which is killed now.
fn is_read_through(platter: &Platter) -> bool {
    let found = Disk::new(Platter::holding(platter.now())).unwrap();
    let told = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&told);
    let mut builder = Database::builder();
    builder.set_repair_callback(move |_| tell.store(true, Ordering::Relaxed));
    drop(builder.create_with_backend(found).unwrap());
    told.load(Ordering::Relaxed)
}

#[tokio::test]
async fn free_space_is_recorded_once_nobody_writes() {
    let (platter, engine) = begin(Duration::from_hours(1)).await;
    assert!(is_read_through(&platter), "it was recorded by a commit");
    drop(engine);
    assert!(!is_read_through(&platter), "it was not recorded by the end");
    let engine = open_with(&platter, small(), Duration::from_millis(1)).unwrap();
    put(&engine, "key", "x").await.unwrap();
    while is_read_through(&platter) {
        tokio::task::yield_now().await;
    }
    let (version, entries) =
        contents(&open(&Platter::holding(platter.now()), small()).unwrap()).await.unwrap();
    assert_eq!((version, entries.len()), (Version(2), 257));
    assert_eq!(engine.stats().groups, 1);
}
