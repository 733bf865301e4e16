//! The audit behind `keyfront check`.

use keyfront_engine::MemoryEngine;
use keyfront_store::{Batch, StoreError};

use super::*;

/// The table of the heads of pairs; see the table of keys.
const HEADS: &[u8] = &[0x05];

#[tokio::test]
async fn an_audit_counts_what_is_there_and_finds_a_head_that_lies() {
    let engine = MemoryEngine::new();
    create(&engine, &new("empty", 1)).await.unwrap();
    create(&engine, &new("full", 2)).await.unwrap();
    let update = Update::new([("a", "1"), ("ü", "22")], [], &Quotas::default()).unwrap();
    let first = etag::data_plane(1);
    let written = stores::write_pairs(&engine, &arn(2), &first, &update, None, &Quotas::default(), NOW).await;
    assert!(matches!(written.unwrap(), WriteOutcome::Written(_)));
    let audit = stores::audit(&engine).await.unwrap();
    assert_eq!((audit.stores, audit.pairs), (2, 2));

    let snapshot = engine.read(&[Range::prefix(HEADS)]).await.unwrap();
    let [_, head] = snapshot.range(0) else { panic!("two stores have two heads") };
    let mut lie = head.value.to_vec();
    // The last byte of the item count: one byte each of version and status, then two 64-bit numbers.
    lie[17] += 1;
    engine.commit(Batch::default().put(head.key.clone(), lie)).await.unwrap();
    let error = stores::audit(&engine).await.unwrap_err().to_string();
    assert!(error.contains(&arn(2).to_string()), "{error}");
}

/// Damage that decodes: the numbers of a head at their end.
#[tokio::test]
async fn numbers_that_no_store_can_have_refuse_a_write_and_overflow_nowhere() {
    // Status and version byte, then the version, the item count and the size, eight bytes each.
    for (number, bytes) in [("the version", 2..10), ("the item count", 10..18), ("the size", 18..26)] {
        let engine = MemoryEngine::new();
        create(&engine, &new("full", 2)).await.unwrap();
        let snapshot = engine.read(&[Range::prefix(HEADS)]).await.unwrap();
        let [head] = snapshot.range(0) else { panic!("one store has one head") };
        let mut damaged = head.value.to_vec();
        damaged[bytes].fill(u8::MAX);
        engine.commit(Batch::default().put(head.key.clone(), damaged)).await.unwrap();
        let quotas = Quotas { key_value_store_bytes: u64::MAX, ..Quotas::default() };
        let update = Update::new([("a", "1")], [], &quotas).unwrap();
        let version = if number == "the version" { u64::MAX } else { 1 };
        let etag = etag::data_plane(version);
        let written = stores::write_pairs(&engine, &arn(2), &etag, &update, None, &quotas, NOW).await;
        assert!(matches!(written, Err(StoreError::Damaged { .. })), "{number}: {written:?}");
    }
}
