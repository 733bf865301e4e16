//! Restores while others read and write.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use keyfront_store::{Changes, Limits, Outcome, Snapshot, Stats, StoreError, Version};
use tokio::task::JoinSet;

use super::*;

/// An engine on which another client writes a pair before each of the first commits.
struct Overtaken {
    engine: MemoryEngine,
    left: AtomicUsize,
}

#[async_trait]
impl Engine for Overtaken {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if let Ok(left) = left {
            put(&self.engine, 1, &[("between", &left.to_string())], 5).await;
        }
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}

#[tokio::test]
async fn a_restore_that_is_overtaken_compares_again_and_then_overwrites() {
    for (overtaken, expected) in [
        (0, Restored::Compared { written: 1, removed: 1 }),
        // The pair in between goes too.
        (1, Restored::Compared { written: 1, removed: 2 }),
        (2, Restored::Overwritten),
        (3, Restored::Overwritten),
    ] {
        let engine = Overtaken { engine: MemoryEngine::new(), left: AtomicUsize::new(0) };
        create(&engine, &new("one", 1), &[("a", "1")]).await;
        credentials::put(&engine, &credential("KEPT")).await.unwrap();
        let before = everything(&engine).await;
        let image = saved_states::take(&engine).await.unwrap();
        put(&engine, 1, &[("b", "2")], 3).await;
        engine.left.store(overtaken, Ordering::SeqCst);
        assert_eq!(saved_states::restore(&engine, &image).await.unwrap(), expected, "{overtaken}");
        assert_eq!(everything(&engine).await, before, "{overtaken}");
    }
}

/// A writer that read before a restore which leaves the head of the pairs as it was, to the byte.
#[tokio::test]
async fn a_write_that_was_decided_before_a_restore_is_decided_again() {
    let engine = MemoryEngine::new();
    create(&engine, &new("one", 1), &[]).await;
    let empty = saved_states::take(&engine).await.unwrap();
    put(&engine, 1, &[("a", "22"), ("b", "1")], 2).await;
    let first = saved_states::take(&engine).await.unwrap();
    saved_states::restore(&engine, &empty).await.unwrap();
    put(&engine, 1, &[("a", "1"), ("b", "22")], 2).await;
    let head = Range::key(everything(&engine).await.iter().find(|(key, _)| key[0] == 5).unwrap().0.clone());
    let before = engine.read(std::slice::from_ref(&head)).await.unwrap();
    saved_states::restore(&engine, &first).await.unwrap();
    let after = engine.read(&[head]).await.unwrap();
    assert_eq!(before.one(0).unwrap().value, after.one(0).unwrap().value);
    assert!(before.version_of(0) < after.version_of(0), "a check on what was read would still hold");
}

/// Writers put the same number under three keys of two stores in turn; the readers never see a mixture, and
/// what was answered after the last restore is there at the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_mixed_and_nothing_is_lost_while_eight_write() {
    let (engines, _folder) = engines();
    for engine in engines {
        for id in 1..=8 {
            create(&*engine, &new(&format!("n{id}"), id), &[("a", "0"), ("b", "0"), ("c", "0")]).await;
        }
        let image = saved_states::take(&*engine).await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let mut writers = JoinSet::new();
        for id in 1..=8 {
            let (engine, stop) = (Arc::clone(&engine), Arc::clone(&stop));
            writers.spawn(async move { write_until(&*engine, id, &stop).await });
        }
        let mut generations = 0;
        for _ in 0..20 {
            saved_states::restore(&*engine, &image).await.unwrap();
            for id in 1..=8 {
                whole(&*engine, id).await;
                generations += version(&*engine, id).await;
            }
        }
        stop.store(true, Ordering::SeqCst);
        assert!(generations > 0);
        for (id, last) in writers.join_all().await {
            assert_eq!(whole(&*engine, id).await, last);
        }
        stores::audit(&*engine).await.unwrap();

        // No other client writes any more: what is written now stays, and a restore is to the letter.
        let written = put(&*engine, 1, &[("d", "last")], 9).await;
        assert!(matches!(written, WriteOutcome::Written(_)), "{written:?}");
        assert!(everything(&*engine).await.iter().any(|(key, _)| key.ends_with(b"d")));
        saved_states::restore(&*engine, &image).await.unwrap();
        assert_eq!(saved_states::take(&*engine).await.unwrap(), image);
    }
}

/// Writes the same number under three keys again and again; each write must either be made or be refused
/// because a restore changed the ETag in between. Answers the number of a write that began when asked to stop.
async fn write_until(engine: &dyn Engine, id: u128, stop: &AtomicBool) -> (u128, String) {
    let mut count = 0;
    loop {
        let last = stop.load(Ordering::SeqCst);
        count += 1;
        let number = count.to_string();
        let outcome = put(engine, id, &[("a", &number), ("b", &number), ("c", &number)], 2).await;
        match outcome {
            WriteOutcome::Written(_) if last => return (id, number),
            WriteOutcome::Written(_) | WriteOutcome::Stale => {}
            other @ (WriteOutcome::NoSuchKey
            | WriteOutcome::QuotaExceeded(_)
            | WriteOutcome::Unwritable(_)) => panic!("{other:?}"),
        }
    }
}

/// The number that all three keys of a store hold.
async fn whole(engine: &dyn Engine, id: u128) -> String {
    let stores::ListPairs::Page(page) = stores::list_pairs(engine, &arn(id), None, 10).await.unwrap() else {
        panic!("the store is there");
    };
    let (keys, values): (Vec<_>, Vec<_>) = page.pairs.into_iter().unzip();
    assert_eq!(keys, ["a", "b", "c"]);
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    values[0].clone()
}
