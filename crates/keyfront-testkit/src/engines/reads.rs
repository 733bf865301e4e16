//! Reads: ranges in key order, all from one snapshot.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_engine::{Batch, Engine, Range};

use super::{committed, largest_value};

/// The ranges of one read never show two different moments.
pub async fn all_ranges_of_a_read_come_from_one_snapshot(engine: Arc<dyn Engine>) {
    committed(&*engine, Batch::default().put("first", "0").put("second", "0")).await;
    let writing = Arc::clone(&engine);
    let writer = tokio::spawn(async move {
        for round in 1..=200_u32 {
            let value = round.to_string();
            committed(&*writing, Batch::default().put("second", value.clone()).put("first", value)).await;
        }
    });
    // Small reads and large ones may take different ways through an engine.
    let small = [Range::key("first"), Range::key("second")];
    let large = [Range::prefix("f"), Range::prefix("s")];
    let mut seen = 0;
    while seen < 200 {
        for ranges in [&small, &large] {
            let snapshot = engine.read(ranges).await.expect("a read");
            let (first, second) = (snapshot.one(0).expect("first"), snapshot.one(1).expect("second"));
            assert_eq!(first.value, second.value);
            assert_eq!((first.version, second.version), (snapshot.version, snapshot.version));
            seen = String::from_utf8_lossy(&first.value).parse().expect("a number");
        }
        tokio::task::yield_now().await;
    }
    writer.await.expect("the writer");
}

/// Once a commit is answered, every read shows it.
pub async fn a_read_sees_every_answered_commit(engine: Arc<dyn Engine>) {
    let tasks: Vec<_> = (0..8)
        .map(|task: u32| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                for round in 0..20_u32 {
                    let (key, value) = (format!("key-{task}"), round.to_string());
                    let version = committed(&*engine, Batch::default().put(key.clone(), value.clone())).await;
                    let snapshot = engine.read(&[Range::key(key)]).await.expect("a read");
                    assert!(snapshot.version >= version);
                    assert_eq!(snapshot.one(0).map(|entry| &entry.value[..]), Some(value.as_bytes()));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task");
    }
}

/// Bounds, limits and pages of a range.
pub async fn a_range_brings_its_keys_in_order_up_to_its_limit(engine: Arc<dyn Engine>) {
    let batch =
        ["b", "a", "ab", "abc", "b\0", "c"].iter().fold(Batch::default(), |batch, key| batch.put(*key, "x"));
    committed(&*engine, batch).await;
    let cases: &[(Range, &[&str])] = &[
        (Range::prefix(""), &["a", "ab", "abc", "b", "b\0", "c"]),
        (Range::prefix("").limit(2), &["a", "ab"]),
        (Range::prefix("").limit(0), &[]),
        (Range::prefix("a"), &["a", "ab", "abc"]),
        (Range::prefix("a").after(b"a"), &["ab", "abc"]),
        (Range::prefix("a").after(b"ab").limit(1), &["abc"]),
        (Range::prefix("a").after(b"abc"), &[]),
        (Range::prefix("a").after(b"c"), &[]),
        (Range::prefix("b").after(b"a"), &["b", "b\0"]),
        (Range::prefix("d"), &[]),
        (Range::key("a"), &["a"]),
        (Range::key("b"), &["b"]),
        (Range::key("bb"), &[]),
        (Range::new("ab", "b"), &["ab", "abc"]),
        (Range::new("ab", "ab"), &[]),
        (Range::new("b", "a"), &[]),
        (Range::new("b\0", ""), &["b\0", "c"]),
    ];
    let ranges: Vec<Range> = cases.iter().map(|(range, _)| range.clone()).collect();
    let together = engine.read(&ranges).await.expect("a read");
    assert_eq!(together.ranges.len(), cases.len());
    for (i, (range, expected)) in cases.iter().enumerate() {
        let alone = engine.read(std::slice::from_ref(range)).await.expect("a read");
        for entries in [alone.range(0), together.range(i)] {
            let keys: Vec<_> = entries.iter().map(|entry| String::from_utf8_lossy(&entry.key)).collect();
            assert_eq!(keys, *expected, "{range:?}");
        }
    }
}

/// Keys and values are bytes of any kind and, for values, of a mebibyte where a batch may hold as much.
pub async fn large_values_and_binary_keys_come_back_as_they_were(engine: Arc<dyn Engine>) {
    let size = u32::try_from(largest_value(&*engine)).expect("a size");
    let large: Vec<u8> = (0..size).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let pairs: &[(&[u8], &[u8])] = &[
        (b"", b"empty key"),
        (b"\0", b"\0"),
        (b"\0\xff\0", &large),
        (b"empty value", b""),
        (b"\xff\xff\xff", b"\xff"),
    ];
    let put = |batch: Batch, (key, value): &(&[u8], &[u8])| {
        batch.put(Bytes::copy_from_slice(key), Bytes::copy_from_slice(value))
    };
    committed(&*engine, pairs.iter().fold(Batch::default(), put)).await;
    let all = engine.read(&[Range::prefix("")]).await.expect("a read");
    let found: Vec<(&[u8], &[u8])> =
        all.range(0).iter().map(|entry| (&entry.key[..], &entry.value[..])).collect();
    assert!(found == pairs, "a range read brought other bytes than were written");
    for (key, value) in pairs {
        let one = engine.read(&[Range::key(Bytes::copy_from_slice(key))]).await.expect("a read");
        assert!(one.one(0).is_some_and(|entry| entry.value == *value), "{key:?} did not come back as it was");
    }
}
