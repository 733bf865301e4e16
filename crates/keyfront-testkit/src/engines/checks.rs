//! Checks: a batch commits if and only if all of them hold.

use std::sync::Arc;

use keyfront_engine::{Batch, Engine, Outcome, Range, Version};

use super::{committed, contents, keys};

/// A check holds for the entry's version and no other; [`Version::NEVER`] stands for an absent key.
pub async fn a_check_holds_for_exactly_one_version(engine: Arc<dyn Engine>) {
    let first = committed(&*engine, Batch::default().put("kept", "1").put("deleted", "1")).await;
    let second = committed(&*engine, Batch::default().put("kept", "2")).await;
    committed(&*engine, Batch::default().delete("deleted")).await;
    let cases = [
        ("kept", second, true),
        ("kept", first, false),
        ("kept", second.next(), false),
        ("kept", Version::NEVER, false),
        ("deleted", Version::NEVER, true),
        ("deleted", first, false),
        ("unknown", Version::NEVER, true),
        ("unknown", first, false),
        ("kep", Version::NEVER, true),
        ("kept\0", Version::NEVER, true),
    ];
    for (key, version, holds) in cases {
        let batch = Batch::default().check(key, version).put("outcome", "written");
        let outcome = engine.commit(batch).await.expect("a commit");
        assert_eq!(outcome != Outcome::Conflict, holds, "{key:?} at {version:?}");
    }
}

/// One check that does not hold keeps every write of the batch away.
pub async fn a_batch_happens_whole_or_not_at_all(engine: Arc<dyn Engine>) {
    let version = committed(&*engine, Batch::default().put("a", "1").put("b", "1")).await;
    let batch = Batch::default().check("a", version).absent("b").put("a", "2").put("c", "2").delete("b");
    assert_eq!(engine.commit(batch).await.expect("a commit"), Outcome::Conflict);
    let expected = [("a", "1"), ("b", "1")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(contents(&*engine).await, expected);
    let snapshot = engine.read(&[]).await.expect("a read");
    assert_eq!(snapshot.version, version, "a conflict is no commit");
}

/// A batch that checks a guard conflicts with every batch that wrote the guard, whatever else that wrote.
pub async fn a_guard_key_stands_for_everything_that_is_written_with_it(engine: Arc<dyn Engine>) {
    let guarded = |batch: Batch| batch.put("guard", "");
    let first = committed(&*engine, guarded(Batch::default().put("a", "1"))).await;
    let second = committed(&*engine, guarded(Batch::default().put("b", "1"))).await;
    committed(&*engine, Batch::default().check("b", second)).await;
    committed(&*engine, Batch::default().put("unguarded", "1")).await;
    let since = |version| Batch::default().check("guard", version);
    let cases = [
        (since(first), false),
        (since(first).put("c", "1"), false),
        (since(second.next()).put("c", "1"), false),
        (since(second), true),
        (since(second).absent("b").put("c", "1"), false),
        (guarded(since(second).delete_range("a", "b").put("c", "1")), true),
        (since(second).put("d", "1"), false),
    ];
    for (batch, holds) in cases {
        let outcome = engine.commit(batch.clone()).await.expect("a commit");
        assert_eq!(outcome != Outcome::Conflict, holds, "{batch:?}");
    }
    assert_eq!(keys(&*engine).await, "b c guard unguarded");
}

/// A batch that rests on everything is made while nothing was written, and by nothing but writes kept from it.
pub async fn a_batch_can_rest_on_everything(engine: Arc<dyn Engine>) {
    let now = engine.read(&[]).await.expect("a read").version;
    let since = |version| Batch::default().unchanged_since(version);
    let first = committed(&*engine, since(now).put("a", "1")).await;
    committed(&*engine, Batch::default().check("a", first)).await;
    let conflict = Batch::default().absent("a").put("b", "1");
    assert_eq!(engine.commit(conflict).await.expect("a commit"), Outcome::Conflict);
    let second = committed(&*engine, since(first).check("a", first).put("a", "2")).await;
    let cases = [
        (since(second), true),
        (since(first), false),
        (since(second.next()), false),
        (since(Version::NEVER).put("c", "1"), false),
        (since(first).put("c", "1"), false),
        (since(second).absent("a").put("c", "1"), false),
        (since(second).delete("never was"), true),
        (since(second).put("c", "1"), false),
    ];
    for (batch, holds) in cases {
        let outcome = engine.commit(batch.clone()).await.expect("a commit");
        assert_eq!(outcome != Outcome::Conflict, holds, "{batch:?}");
    }
    assert_eq!(keys(&*engine).await, "a");
}

/// Of sixteen batches that rest on everything at one moment, one is made.
pub async fn of_batches_that_rest_on_the_same_moment_one_is_made(engine: Arc<dyn Engine>) {
    let moment = engine.read(&[]).await.expect("a read").version;
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let (engine, batch) = (Arc::clone(&engine), Batch::default().unchanged_since(moment));
            tokio::spawn(async move { engine.commit(batch.put(task.to_string(), "1")).await })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += u32::from(task.await.expect("a task").expect("a commit") != Outcome::Conflict);
    }
    assert_eq!((made, keys(&*engine).await.split(' ').count()), (1, 1));
}

/// Sixteen tasks that each rest on a guarded range count to exactly what they were asked to.
pub async fn concurrent_batches_that_rest_on_a_guard_lose_nothing(engine: Arc<dyn Engine>) {
    const TASKS: u64 = 16;
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                loop {
                    let ranges = [Range::key("guard"), Range::prefix("task")];
                    let snapshot = engine.read(&ranges).await.expect("a read");
                    let batch = Batch::default()
                        .check("guard", snapshot.version_of(0))
                        .put("guard", "")
                        .put(format!("task {task:02}"), snapshot.range(1).len().to_string());
                    if engine.commit(batch).await.expect("a commit") != Outcome::Conflict {
                        break;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task");
    }
    let all = contents(&*engine).await;
    let counts =
        all.iter().filter(|(key, _)| key != "guard").map(|(_, count)| count.parse().expect("a number"));
    let mut counts: Vec<u64> = counts.collect();
    counts.sort_unstable();
    assert_eq!(counts, (0..TASKS).collect::<Vec<_>>());
}

/// A batch's own writes do not make its checks hold or fail.
pub async fn checks_see_the_state_before_the_batch(engine: Arc<dyn Engine>) {
    let version = committed(&*engine, Batch::default().absent("a").put("a", "1")).await;
    committed(&*engine, Batch::default().delete("a").put("a", "2").check("a", version)).await;
    let batch = Batch::default().delete("a").absent("a");
    assert_eq!(engine.commit(batch).await.expect("a commit"), Outcome::Conflict);
}

/// A batch without writes answers whether its checks hold, and leaves the version as it is.
pub async fn a_batch_without_writes_asserts_its_checks(engine: Arc<dyn Engine>) {
    let version = committed(&*engine, Batch::default().put("a", "1")).await;
    let cases = [
        (Batch::default(), Outcome::Committed(version)),
        (Batch::default().check("a", version).absent("b"), Outcome::Committed(version)),
        (Batch::default().check("a", version).absent("a"), Outcome::Conflict),
        (Batch::default().check("b", version), Outcome::Conflict),
    ];
    for (batch, expected) in cases {
        assert_eq!(engine.commit(batch.clone()).await.expect("a commit"), expected, "{batch:?}");
    }
    assert!(committed(&*engine, Batch::default().put("a", "2")).await > version);
}

/// Sixteen tasks that read, check and retry count to exactly what they were asked to.
pub async fn concurrent_increments_lose_nothing(engine: Arc<dyn Engine>) {
    const TASKS: u64 = 16;
    const EACH: u64 = 25;
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                let mut conflicts = 0;
                for _ in 0..EACH {
                    while !increment(&*engine).await {
                        conflicts += 1;
                    }
                }
                conflicts
            })
        })
        .collect();
    let mut conflicts: u64 = 0;
    for task in tasks {
        conflicts += task.await.expect("a task");
    }
    assert_eq!(contents(&*engine).await, [("counter".to_owned(), (TASKS * EACH).to_string())]);
    let stats = engine.stats();
    assert_eq!((stats.commits, stats.conflicts), (TASKS * EACH, conflicts));
}

async fn increment(engine: &dyn Engine) -> bool {
    let snapshot = engine.read(&[Range::key("counter")]).await.expect("a read");
    let count =
        snapshot.one(0).map_or(0, |entry| String::from_utf8_lossy(&entry.value).parse().expect("a number"));
    let next: u64 = count + 1;
    let batch = Batch::default().check("counter", snapshot.version_of(0)).put("counter", next.to_string());
    engine.commit(batch).await.expect("a commit") != Outcome::Conflict
}
