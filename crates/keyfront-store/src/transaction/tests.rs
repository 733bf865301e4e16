//! Tests of transactions: what they see, check, retry and refuse.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use super::*;
use crate::{Batch, Snapshot, Version};
use keyfront_engine::MemoryEngine;

/// A number that is written as its decimal digits.
#[derive(Debug, PartialEq)]
struct Number(u64);

impl Record for Number {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(self.0.to_string().into())
    }

    fn decode(value: &Bytes) -> Option<Number> {
        std::str::from_utf8(value).ok()?.parse().ok().map(Number)
    }
}

static NUMBERS: Table<Number> = Table::new(b'n', "number");
static OTHERS: Table<Number> = Table::new(b'o', "other");

fn key(name: &str) -> Key<Number> {
    NUMBERS.key(&[name.as_bytes()])
}

/// The record that is written with every change of the table of numbers.
fn guard() -> Key<Number> {
    OTHERS.key(&[b"guard"])
}

async fn set(engine: &dyn Engine, name: &str, number: u64) {
    let batch = Batch::default().put(key(name).bytes(), number.to_string());
    assert!(matches!(engine.commit(batch).await.unwrap(), Outcome::Committed(_)));
}

async fn number(engine: &dyn Engine, name: &str) -> Option<u64> {
    key(name).read(engine).await.unwrap().map(|Number(number)| number)
}

async fn read(tx: &Transaction<'_>, name: &str) -> Result<u64, StoreError> {
    Ok(tx.get(&key(name)).await?.map_or(0, |Number(number)| number))
}

fn names(found: &[(Bytes, Number)]) -> Vec<(&str, u64)> {
    found.iter().map(|(rest, Number(number))| (std::str::from_utf8(rest).unwrap(), *number)).collect()
}

#[tokio::test]
async fn a_transaction_sees_what_it_wrote_itself() {
    let engine = MemoryEngine::new();
    set(&engine, "a", 1).await;
    set(&engine, "b", 2).await;
    let seen = transact(&engine, |tx| async move {
        tx.put(&key("a"), &Number(10))?;
        let written = read(&tx, "a").await?;
        tx.delete(&key("a"));
        let deleted = tx.contains(&key("a")).await?;
        tx.put(&key("a"), &Number(11))?;
        tx.put(&key("c"), &Number(3))?;
        let again = (read(&tx, "a").await?, read(&tx, "c").await?);
        tx.delete_range(NUMBERS.prefix(&[b"b"]).range());
        Ok::<_, StoreError>((written, deleted, again, tx.contains(&key("b")).await?))
    })
    .await
    .unwrap();
    assert_eq!(seen, (10, false, (11, 3), false));
    assert_eq!(number(&engine, "a").await, Some(11));
    assert_eq!(number(&engine, "b").await, None);
    assert_eq!(number(&engine, "c").await, Some(3));
    assert_eq!(engine.stats().version, Version(3), "all of it is one commit");
}

#[tokio::test]
async fn what_is_written_after_a_range_was_removed_stays() {
    let engine = MemoryEngine::new();
    for name in ["a", "b", "c"] {
        set(&engine, name, 1).await;
    }
    transact(&engine, |tx| async move {
        tx.put(&key("b"), &Number(7))?;
        tx.delete_range(NUMBERS.prefix(&[]).range());
        tx.put(&key("c"), &Number(9))?;
        assert!(!tx.contains(&key("b")).await?);
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    let left = NUMBERS.prefix(&[]).read(&engine, 9).await.unwrap();
    assert_eq!(names(&left), [("c", 9)]);
}

#[tokio::test]
async fn a_scan_shows_own_writes_and_fills_its_limit() {
    let engine = MemoryEngine::new();
    for (index, name) in ["b", "d", "f", "h"].into_iter().enumerate() {
        set(&engine, name, u64::try_from(index).unwrap()).await;
    }
    let (untouched, touched) = transact(&engine, |tx| async move {
        let untouched = tx.scan(&NUMBERS.prefix(&[]), 2, &guard()).await?;
        tx.delete(&key("b"));
        tx.put(&key("c"), &Number(30))?;
        tx.put(&key("f"), &Number(60))?;
        let touched = tx.scan(&NUMBERS.prefix(&[]), 3, &guard()).await?;
        Ok::<_, StoreError>((untouched, touched))
    })
    .await
    .unwrap();
    assert_eq!(names(&untouched), [("b", 0), ("d", 1)]);
    assert_eq!(names(&touched), [("c", 30), ("d", 1), ("f", 60)]);
}

#[tokio::test]
async fn a_conflict_runs_the_body_again_on_what_is_there_then() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    let before = transact(engine, |tx| async move {
        let before = read(&tx, "a").await?;
        if runs.fetch_add(1, Ordering::SeqCst) < 2 {
            set(engine, "a", before + 100).await;
        }
        tx.put(&key("a"), &Number(before + 1))?;
        Ok::<_, StoreError>(before)
    })
    .await
    .unwrap();
    assert_eq!((before, number(engine, "a").await), (200, Some(201)));
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

/// The key that was read is not the key that is written, and appears only afterwards.
#[tokio::test]
async fn a_key_that_was_absent_is_checked_too() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    transact(engine, |tx| async move {
        let taken = tx.contains(&key("name")).await?;
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            set(engine, "name", 1).await;
        }
        tx.put(&key("result"), &Number(u64::from(taken)))?;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    assert_eq!(number(engine, "result").await, Some(1));
}

#[tokio::test]
async fn an_entry_that_appears_in_a_scanned_range_is_a_conflict_through_its_guard() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    transact(engine, |tx| async move {
        let found = tx.scan(&NUMBERS.prefix(&[b"x"]), usize::MAX, &guard()).await?;
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            let appears = Batch::default().put(key("x1").bytes(), "1").put(guard().bytes(), "1");
            engine.commit(appears).await?;
        }
        tx.put(&key("count"), &Number(u64::try_from(found.len()).unwrap_or(u64::MAX)))?;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    assert_eq!((number(engine, "count").await, runs.load(Ordering::SeqCst)), (Some(1), 2));
}

#[tokio::test]
async fn a_refusal_writes_nothing_and_is_not_repeated() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    let refused = transact(engine, |tx| async move {
        runs.fetch_add(1, Ordering::SeqCst);
        tx.put(&key("a"), &Number(1))?;
        Err::<(), _>(Abort::Refused("no"))
    })
    .await;
    assert!(matches!(refused, Err(Abort::Refused("no"))), "{refused:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(engine.stats().version, Version::NEVER);
}

/// `a` and `b` move together; a body that sees them apart has looked at two moments.
#[tokio::test]
async fn a_refusal_or_an_answer_never_rests_on_two_moments() {
    for refuses in [false, true] {
        let engine = &MemoryEngine::new();
        let together = |number: u64| {
            let value = number.to_string();
            Batch::default().put(key("a").bytes(), value.clone()).put(key("b").bytes(), value)
        };
        engine.commit(together(1)).await.unwrap();
        let runs = &AtomicU32::new(0);
        let outcome = transact(engine, |tx| async move {
            let a = read(&tx, "a").await?;
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                engine.commit(together(2)).await?;
            }
            let seen = (a, read(&tx, "b").await?);
            if refuses { Err(Abort::Refused(seen)) } else { Ok(seen) }
        })
        .await;
        let seen = match outcome {
            Ok(seen) | Err(Abort::Refused(seen)) => seen,
            Err(Abort::Storage(error)) => panic!("{error}"),
        };
        assert_eq!((seen, runs.load(Ordering::SeqCst)), ((2, 2), 2));
    }
}

/// A change of what it did not read does not run a transaction again.
#[tokio::test]
async fn an_answer_that_still_holds_is_believed_although_others_wrote_meanwhile() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    transact(engine, |tx| async move {
        read(&tx, "a").await?;
        runs.fetch_add(1, Ordering::SeqCst);
        set(engine, "elsewhere", 1).await;
        read(&tx, "b").await
    })
    .await
    .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_key_keeps_the_value_that_was_read_first() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    let (first, second) = transact(engine, |tx| async move {
        let first = read(&tx, "a").await?;
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            set(engine, "a", 5).await;
        }
        Ok::<_, StoreError>((first, read(&tx, "a").await?))
    })
    .await
    .unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_guard_that_is_found_in_two_versions_runs_the_body_again() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    transact(engine, |tx| async move {
        tx.scan(&NUMBERS.prefix(&[]), 9, &guard()).await?;
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            engine.commit(Batch::default().put(guard().bytes(), "1")).await?;
        }
        tx.scan(&NUMBERS.prefix(&[]), 9, &guard()).await?;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn reading_costs_no_commit_unless_it_is_asked_for() {
    let engine = &MemoryEngine::new();
    set(engine, "a", 1).await;
    for (confirms, expected) in [(false, 1), (true, 2)] {
        transact(engine, |tx| async move {
            if confirms {
                tx.confirm();
            }
            read(&tx, "a").await
        })
        .await
        .unwrap();
        assert_eq!((engine.stats().commits, engine.stats().version), (expected, Version(1)));
    }
}

#[tokio::test]
async fn keys_that_were_fetched_together_are_of_one_moment() {
    let engine = &MemoryEngine::new();
    let seen = transact(engine, |tx| async move {
        tx.fetch(["a", "b"].map(|name| key(name).bytes())).await?;
        set(engine, "b", 5).await;
        Ok::<_, StoreError>((read(&tx, "a").await?, read(&tx, "b").await?))
    })
    .await
    .unwrap();
    assert_eq!(seen, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_is_always_overtaken_gives_up_and_wrote_nothing() {
    let engine = &MemoryEngine::new();
    let runs = &AtomicU32::new(0);
    let begun = tokio::time::Instant::now();
    let outcome = transact(engine, |tx| async move {
        let a = read(&tx, "a").await?;
        runs.fetch_add(1, Ordering::SeqCst);
        set(engine, "a", a + 1).await;
        tx.put(&key("b"), &Number(a))
    })
    .await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, StoreError::NotWritten { .. }) && error.outcome_is_known(), "{error:?}");
    assert!(error.to_string().contains("100 times"), "{error}");
    assert_eq!((runs.load(Ordering::SeqCst), number(engine, "b").await), (100, None));
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(2) && took < Duration::from_secs(6), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn increments_at_once_lose_none() {
    const TASKS: u64 = 8;
    const EACH: u64 = 50;
    let engine = Arc::new(MemoryEngine::new());
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let engine = Arc::clone(&engine);
        tasks.spawn(async move {
            for _ in 0..EACH {
                transact(&*engine, |tx| async move {
                    let before = read(&tx, "sum").await?;
                    tokio::task::yield_now().await;
                    tx.put(&key("sum"), &Number(before + 1))
                })
                .await
                .unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(number(&*engine, "sum").await, Some(TASKS * EACH));
}

#[tokio::test]
async fn a_value_that_cannot_be_read_names_its_table() {
    let engine = MemoryEngine::new();
    engine.commit(Batch::default().put(key("a").bytes(), "no number")).await.unwrap();
    let error = transact(&engine, |tx| async move { read(&tx, "a").await }).await.unwrap_err();
    assert!(error.to_string().contains("the number record cannot be read"), "{error}");
}

/// An engine whose recent reads show what was there when the test said so.
struct Late {
    engine: MemoryEngine,
    before: Snapshot,
    recent_reads: AtomicU32,
}

#[async_trait::async_trait]
impl Engine for Late {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.engine.read(ranges).await
    }

    async fn read_recent(&self, _ranges: &[Range]) -> Option<Result<Snapshot, StoreError>> {
        self.recent_reads.fetch_add(1, Ordering::Relaxed);
        Some(Ok(self.before.clone()))
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<keyfront_engine::Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> keyfront_engine::Limits {
        self.engine.limits()
    }

    fn stats(&self) -> keyfront_engine::Stats {
        self.engine.stats()
    }
}

/// The number is 1 in recent reads, and 2 now if it has changed.
async fn late(changed: bool) -> Late {
    let engine = MemoryEngine::new();
    set(&engine, "a", 1).await;
    let before = engine.read(&[Range::key(key("a").bytes())]).await.unwrap();
    if changed {
        set(&engine, "a", 2).await;
    }
    Late { engine, before, recent_reads: AtomicU32::new(0) }
}

#[tokio::test]
async fn what_was_read_of_a_moment_ago_is_committed_only_if_it_still_holds() {
    for (changed, runs_expected, result) in [(false, 1, 11), (true, 2, 12)] {
        let engine = late(changed).await;
        let runs = AtomicU32::new(0);
        transact(&engine, |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            async move {
                let found = read(&tx, "a").await?;
                tx.put(&key("a"), &Number(found + 10))
            }
        })
        .await
        .unwrap();
        assert_eq!(number(&engine, "a").await, Some(result));
        assert_eq!(runs.into_inner(), runs_expected);
        assert_eq!(engine.recent_reads.into_inner(), 1, "only the first run reads so");
    }
}

/// Recent reads may show each key as of a moment of its own, so that a guard that still holds says nothing of a key beside it.
#[tokio::test]
async fn a_guard_does_not_stand_for_a_key_of_another_moment() {
    let engine = MemoryEngine::new();
    let range = Range::key(key("a").bytes());
    let mut seen = Vec::new();
    for value in [1, 2] {
        let batch = Batch::default().put(key("a").bytes(), Number(value).encode().unwrap());
        engine.commit(batch.put(guard().bytes(), Number(0).encode().unwrap())).await.unwrap();
        seen.push(engine.read(&[Range::key(guard().bytes()), range.clone()]).await.unwrap());
    }
    let [first, second] = &seen[..] else { panic!("two snapshots") };
    let ranges = vec![second.range(0).to_vec(), first.range(1).to_vec()];
    let before = Snapshot { version: second.version, ranges };
    let engine = Late { engine, before, recent_reads: AtomicU32::new(0) };
    transact(&engine, |tx| {
        let range = range.clone();
        async move {
            let found = tx.entries(&[range], &guard()).await?;
            let Number(found) = key("a").decode(&found[0][0].value)?;
            tx.put(&key("a"), &Number(found + 10))
        }
    })
    .await
    .unwrap();
    assert_eq!(number(&engine, "a").await, Some(12));
}

#[tokio::test]
async fn no_answer_and_no_refusal_rests_on_a_moment_ago() {
    let engine = late(true).await;
    let answer = transact(&engine, |tx| async move { read(&tx, "a").await }).await;
    assert_eq!(answer.unwrap(), 2);
    let refused = transact(&engine, |tx| async move {
        match read(&tx, "a").await? {
            1 => Err(Abort::Refused("it is 1")),
            now => {
                tx.put(&key("a"), &Number(now + 1))?;
                Ok(now)
            }
        }
    });
    assert!(matches!(refused.await, Ok(2)));
    // A confirmation is a commit, and its checks do not hold for what was there before.
    let confirmed = transact(&engine, |tx| async move {
        tx.confirm();
        read(&tx, "a").await
    });
    assert_eq!(confirmed.await.unwrap(), 3);
}
