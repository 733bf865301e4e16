//! Storage that fails: what was answered stays, what was committed stays readable, and no caller is told that a
//! failed write was made.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::platter::{Access, Dice, Platter};
use super::{contents, open, open_with, open_with_room, put, small};
use crate::RedbEngine;
use crate::room::{Place, Room};
use keyfront_engine::{Batch, Engine, Next, Outcome, Range, StoreError, Version};

/// An engine with a few commits behind it.
async fn begin() -> (Arc<Platter>, RedbEngine) {
    let platter = Arc::new(Platter::default());
    let engine = open(&platter, small()).unwrap();
    for i in 0..3 {
        put(&engine, &format!("before-{i}"), "kept").await.unwrap();
    }
    (platter, engine)
}

/// Commits until the armed failure was met; answers the versions that were promised and the error.
async fn meet(platter: &Platter, engine: &RedbEngine) -> Option<(u64, StoreError)> {
    let mut promised = 3;
    for i in 0..4 {
        let outcome = engine.commit(Batch::default().put(format!("after-{i}"), vec![b'x'; 40_000])).await;
        match outcome {
            Ok(Outcome::Committed(version)) => promised = version.0,
            Ok(Outcome::Conflict) => panic!("a conflict without a check"),
            Err(error) => return Some((promised, error)),
        }
        assert!(!platter.has_failed(), "a commit was answered that met a failure");
    }
    None
}

/// What is there holds what was promised, and not what certainly was not written.
async fn assert_kept(image: Vec<u8>, promised: u64, error: &StoreError, case: &str) {
    let engine = open(&Platter::holding(image), small()).unwrap();
    let (version, _) = contents(&engine).await.unwrap();
    let most = if error.outcome_is_known() { promised } else { promised + 1 };
    assert!(
        (promised..=most).contains(&version.0),
        "{case}: {promised} was promised, {} is there: {error}",
        version.0
    );
}

#[tokio::test]
async fn a_failure_anywhere_in_a_commit_loses_nothing_and_is_told() {
    let cases = [
        (Access::Write, ErrorKind::StorageFull),
        (Access::Write, ErrorKind::Other),
        (Access::Resize, ErrorKind::StorageFull),
        (Access::Sync, ErrorKind::Other),
        (Access::Sync, ErrorKind::StorageFull),
    ];
    for (access, kind) in cases {
        let (mut known, mut unknown) = (0, 0);
        for n in 0.. {
            let case = format!("{access:?} number {n} fails with {kind:?}");
            let (platter, engine) = begin().await;
            platter.fail(access, n, kind);
            let Some((promised, error)) = meet(&platter, &engine).await else { break };
            *(if error.outcome_is_known() { &mut known } else { &mut unknown }) += 1;
            let (version, entries) = contents(&engine).await.unwrap();
            assert_eq!(version.0, promised, "{case}: reads show what was promised and nothing else");
            assert_eq!(entries.iter().filter(|(_, value)| *value == "kept").count(), 3, "{case}");
            assert!(engine.stats().refusing.is_some(), "{case}");
            for seed in 0..8 {
                assert_kept(platter.after_power_loss(&mut Dice::new(seed)), promised, &error, &case).await;
            }
            platter.heal();
            drop(engine);
            assert_kept(platter.now(), promised, &error, &case).await;
        }
        assert!(known > 0, "{access:?} {kind:?} was never met before the commit could have happened");
        assert_eq!(
            unknown > 0,
            access != Access::Resize,
            "{access:?} {kind:?}: {known} known, {unknown} unknown"
        );
    }
}

#[tokio::test]
async fn writes_go_on_when_a_full_disk_has_space_again_and_watches_miss_nothing() {
    for (access, n) in [(Access::Write, 0), (Access::Write, 3), (Access::Resize, 0)] {
        let (platter, engine) = begin().await;
        let mut changes = engine.watch(Version(3)).await.unwrap();
        platter.fail(access, n, ErrorKind::StorageFull);
        let (promised, error) = meet(&platter, &engine).await.expect("a full disk");
        let text = error.to_string();
        assert!(error.outcome_is_known() && text.contains("free some space"), "{text}");
        let large = "x".repeat(400_000);
        let still_full = put(&engine, "during", &large).await.expect_err("the disk is still full");
        assert!(still_full.outcome_is_known(), "{still_full}");
        assert_eq!(contents(&engine).await.unwrap().0.0, promised);
        platter.heal();
        assert_eq!(put(&engine, "later", &large).await.unwrap().0, promised + 1);
        assert_eq!(engine.stats().refusing, None);
        for expected in 4..=promised + 1 {
            assert!(matches!(changes.next().await, Next::Change(change) if change.version.0 == expected));
        }
        drop(engine);
        let engine = open(&Platter::holding(platter.now()), small()).unwrap();
        assert_eq!(contents(&engine).await.unwrap().0.0, promised + 1);
    }
}

#[tokio::test]
async fn writes_are_taken_again_without_anybody_asking_once_a_full_disk_has_space() {
    for (access, n) in [(Access::Write, 0), (Access::Write, 3)] {
        let platter = Arc::new(Platter::default());
        let engine = open_with(&platter, small(), Duration::from_millis(1)).unwrap();
        put(&engine, "before", "kept").await.unwrap();
        platter.fail(access, n, ErrorKind::StorageFull);
        put(&engine, "during", "x").await.expect_err("the disk is full");
        // Attempts that fail as well, after which writes are still refused.
        while platter.failures() < 10 {
            tokio::task::yield_now().await;
        }
        assert!(engine.stats().refusing.is_some_and(|reason| reason.contains("free some space")));
        platter.heal();
        while engine.stats().refusing.is_some() {
            tokio::task::yield_now().await;
        }
        let stats = engine.stats();
        assert_eq!((stats.version, stats.commits, stats.failures), (Version(1), 1, 1));
        assert_eq!(put(&engine, "after", "x").await.unwrap(), Version(2));
        drop(engine);
        let engine = open(&Platter::holding(platter.now()), small()).unwrap();
        assert_eq!(contents(&engine).await.unwrap().1.len(), 2);
    }
}

#[tokio::test]
async fn a_write_that_is_not_tried_is_told_apart_from_the_failure() {
    let (platter, engine) = begin().await;
    platter.fail(Access::Write, 0, ErrorKind::StorageFull);
    for is_first in [true, false, false] {
        let error = put(&engine, "during", "x").await.expect_err("the disk is full");
        assert_eq!(matches!(error, StoreError::NotWritten { .. }), is_first, "{error:?}");
        assert_eq!(matches!(error, StoreError::Refused { .. }), !is_first, "{error:?}");
    }
}

#[tokio::test]
async fn after_a_failed_flush_nothing_is_written_before_a_restart() {
    // Even for lack of space: the flush may have dropped what it could not write.
    for kind in [ErrorKind::Other, ErrorKind::StorageFull] {
        let (platter, engine) = begin().await;
        platter.fail(Access::Sync, 0, kind);
        let (_, error) = meet(&platter, &engine).await.expect("a failed flush");
        assert!(error.to_string().contains("restart"), "{error}");
        platter.heal();
        let before = platter.now();
        for _ in 0..2 {
            let refused = put(&engine, "later", "x").await.expect_err("writes are refused");
            assert!(refused.outcome_is_known() && refused.to_string().contains("restart"), "{refused}");
        }
        assert_eq!(contents(&engine).await.unwrap().1.len(), 3);
        assert_eq!(
            engine.commit(Batch::default().absent("later")).await.unwrap(),
            Outcome::Committed(Version(3))
        );
        let stats = engine.stats();
        assert_eq!((stats.failures, stats.refusing.is_some(), stats.last_error.is_some()), (3, true, true));
        drop(engine);
        assert!(platter.now() == before, "the file was written to after a flush had failed");
    }
}

#[tokio::test]
async fn a_failed_read_is_told_and_reads_work_again_when_the_disk_does() {
    let (platter, engine) = begin().await;
    let value = vec![b'x'; 100_000];
    for i in 0..40 {
        engine.commit(Batch::default().put(format!("big-{i:02}"), value.clone())).await.unwrap();
    }
    let mut changes = engine.watch(Version(43)).await.unwrap();
    platter.fail(Access::Read, 0, ErrorKind::Other);
    let mut failed = 0;
    for i in 0..40 {
        let read = engine.read(&[Range::key(format!("big-{i:02}"))]).await;
        failed += u32::from(matches!(read, Err(StoreError::Read { .. })));
    }
    assert!(failed > 0, "everything came from memory");
    platter.heal();
    assert_eq!(put(&engine, "later", "x").await.unwrap(), Version(44));
    assert_eq!(contents(&engine).await.unwrap().1.len(), 44);
    assert!(matches!(changes.next().await, Next::Change(change) if change.version == Version(44)));
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_is_refused_with_what_to_do() {
    let platter = Arc::new(Platter::default());
    platter.fail(Access::Write, 0, ErrorKind::StorageFull);
    let error = open(&platter, small()).err().expect("a full disk");
    assert!(error.to_string().contains("free some space"), "{error}");
}

#[tokio::test]
async fn a_disk_that_is_full_at_a_later_start_serves_what_is_there_and_takes_writes_when_it_has_space() {
    for n in [0, 1, 2] {
        let (platter, engine) = begin().await;
        drop(engine);
        platter.fail(Access::Write, n, ErrorKind::StorageFull);
        let engine = open_with(&platter, small(), Duration::from_millis(1)).unwrap();
        assert_eq!(contents(&engine).await.unwrap().1.len(), 3, "write {n}");
        let refused = put(&engine, "during", "x").await.expect_err("the disk is full");
        assert!(refused.outcome_is_known() && refused.to_string().contains("free some space"), "{refused}");
        assert!(engine.stats().refusing.is_some(), "write {n}");
        platter.heal();
        while engine.stats().refusing.is_some() {
            tokio::task::yield_now().await;
        }
        put(&engine, "after", "x").await.unwrap();
        drop(engine);
        let engine = open(&Platter::holding(platter.now()), small()).unwrap();
        assert_eq!(contents(&engine).await.unwrap().1.len(), 4, "write {n}");
    }
}

/// Room whose return heals the disk, and that can be taken again once there is space.
struct Kept {
    platter: Arc<Platter>,
    space: Arc<AtomicBool>,
}

impl Place for Kept {
    fn take(&self) -> io::Result<()> {
        self.space.load(Ordering::Relaxed).then_some(()).ok_or_else(|| ErrorKind::StorageFull.into())
    }

    fn give(&self) -> io::Result<()> {
        self.platter.heal();
        Ok(())
    }

    fn is_taken(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_full_disk_has_room_for_deletes_and_for_nothing_else() {
    for (access, n) in [(Access::Write, 0), (Access::Write, 3)] {
        let (platter, space) = (Arc::new(Platter::default()), Arc::new(AtomicBool::new(false)));
        let room = Room::new(Kept { platter: Arc::clone(&platter), space: Arc::clone(&space) });
        let engine = open_with_room(&platter, small(), Some(room), Duration::from_millis(1)).unwrap();
        for key in ["a", "b", "c"] {
            put(&engine, key, &"x".repeat(1_000)).await.unwrap();
        }
        platter.fail(access, n, ErrorKind::StorageFull);
        let large = "x".repeat(400_000);
        put(&engine, "d", &large).await.expect_err("the disk is full");
        // The first uses what was kept, and the second what the first gave back.
        for key in ["a", "b"] {
            let deleted = engine.commit(Batch::default().delete(key).put("head", "1")).await.unwrap();
            assert!(matches!(deleted, Outcome::Committed(_)), "{access:?} {n}");
            let refused = put(&engine, "d", "small").await.expect_err("there is only room for deletes");
            assert!(refused.outcome_is_known() && refused.to_string().contains("for deletes"), "{refused}");
            assert!(engine.stats().refusing.is_some());
        }
        space.store(true, Ordering::Relaxed);
        while engine.stats().refusing.is_some() {
            tokio::task::yield_now().await;
        }
        put(&engine, "d", &large).await.unwrap();
        drop(engine);
        let engine = open(&Platter::holding(platter.now()), small()).unwrap();
        let left: Vec<_> = contents(&engine).await.unwrap().1.into_keys().collect();
        assert_eq!(left, ["c", "d", "head"]);
    }
}
