//! Writes: their order, their versions, deleted ranges.

use std::sync::Arc;

use keyfront_engine::{Batch, Engine, Range, Version};

use super::{committed, keys};

/// Every commit has a greater version than the one before, whatever it changes; an empty engine has none.
pub async fn the_version_grows_with_every_batch_that_writes(engine: Arc<dyn Engine>) {
    assert_eq!(engine.read(&[]).await.expect("a read").version, Version::NEVER);
    let writes = [
        Batch::default().put("a", "1"),
        Batch::default().put("a", "1"),
        Batch::default().delete("a"),
        Batch::default().delete("a"),
        Batch::default().delete_range("a", "b"),
        Batch::default().put("a", "1").put("b", "1"),
    ];
    let mut version = Version::NEVER;
    for batch in writes {
        let before = std::mem::replace(&mut version, committed(&*engine, batch).await);
        assert!(version > before, "{version:?} after {before:?}");
        assert_eq!(engine.read(&[]).await.expect("a read").version, version);
        assert_eq!(engine.stats().version, version);
    }
}

/// Other keys keep theirs.
pub async fn an_entry_has_the_version_of_the_commit_that_wrote_it(engine: Arc<dyn Engine>) {
    let first = committed(&*engine, Batch::default().put("a", "1").put("b", "1").put("c", "1")).await;
    let second = committed(&*engine, Batch::default().put("b", "1").delete("c")).await;
    let third = committed(&*engine, Batch::default().put("c", "2")).await;
    let snapshot = engine.read(&[Range::prefix("")]).await.expect("a read");
    let versions: Vec<Version> = snapshot.range(0).iter().map(|entry| entry.version).collect();
    assert_eq!(versions, [first, second, third]);
}

/// What comes later in a batch wins.
pub async fn writes_of_a_batch_apply_in_order(engine: Arc<dyn Engine>) {
    let cases = [
        (Batch::default().put("a", "1").put("a", "2"), "a"),
        (Batch::default().put("a", "1").delete("a"), ""),
        (Batch::default().delete("a").put("a", "1"), "a"),
        (Batch::default().put("ab", "1").delete_range("a", "b").put("b", "1"), "b"),
        (Batch::default().delete_range("a", "c").put("ab", "1").put("b", "1").delete("b"), "ab"),
    ];
    for (batch, expected) in cases {
        let printed = format!("{batch:?}");
        committed(&*engine, Batch::default().delete_range("", "").put("a", "0")).await;
        committed(&*engine, Batch::default().delete("a")).await;
        committed(&*engine, batch).await;
        assert_eq!(keys(&*engine).await, expected, "{printed}");
    }
    committed(&*engine, Batch::default().put("a", "1").put("a", "2")).await;
    let snapshot = engine.read(&[Range::key("a")]).await.expect("a read");
    assert_eq!(snapshot.one(0).map(|entry| &entry.value[..]), Some(&b"2"[..]));
}

/// A deleted range holds its start and not its end.
pub async fn a_range_is_deleted_up_to_its_end(engine: Arc<dyn Engine>) {
    let cases = [
        ("a", "b", "b b\u{0} c"),
        ("a", "a", "a ab b b\u{0} c"),
        ("b", "a", "a ab b b\u{0} c"),
        ("ab", "b\0", "a b\u{0} c"),
        ("b", "", "a ab"),
        ("", "b", "b b\u{0} c"),
        ("", "", ""),
        ("x", "z", "a ab b b\u{0} c"),
    ];
    for (start, end, left) in cases {
        let fill = |batch: Batch, key: &&'static str| batch.put(*key, "x");
        committed(&*engine, ["a", "ab", "b", "b\0", "c"].iter().fold(Batch::default(), fill)).await;
        committed(&*engine, Batch::default().delete_range(start, end)).await;
        assert_eq!(keys(&*engine).await, left, "{start:?}..{end:?}");
    }
}
