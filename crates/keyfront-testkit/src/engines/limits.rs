//! Limits: a batch up to them commits, and one beyond them is refused whole.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_engine::{Batch, Engine, Limits, StoreError, Version};

use super::{committed, keys};

/// The most writes that the suite makes in one batch.
const MANY_WRITES: usize = 100_000;

/// The most bytes that the suite writes in one batch. It may refuse more: those are never copied.
const MANY_BYTES: usize = 64 << 20;

/// As many writes, checks and bytes as the engine states are taken.
pub async fn a_batch_at_the_limits_is_committed(engine: Arc<dyn Engine>) {
    let Limits { writes, bytes } = engine.limits();
    if writes <= MANY_WRITES {
        committed(&*engine, puts(writes)).await;
        let checks = (0..writes).fold(Batch::default(), |batch, i| batch.absent(format!("absent-{i}")));
        committed(&*engine, checks).await;
    }
    if bytes <= MANY_BYTES {
        let batch = Batch::default().put("a", vec![0; bytes - 1]);
        assert_eq!(batch.size_bytes(), bytes);
        committed(&*engine, batch).await;
    }
    assert!(engine.limits() == Limits { writes, bytes }, "the limits stay the same");
}

/// One write, check or byte more is refused as too large, and leaves no trace.
pub async fn a_batch_beyond_the_limits_is_refused_whole(engine: Arc<dyn Engine>) {
    let Limits { writes, bytes } = engine.limits();
    let mut refused = vec![many_bytes(bytes)];
    if writes <= MANY_WRITES {
        refused.push(puts(writes + 1));
        let absent = |batch: Batch, i| batch.absent(format!("absent-{i}"));
        refused.push((0..=writes).fold(Batch::default().put("a", "x"), absent));
    }
    for batch in refused {
        let stated = engine.limits();
        match engine.commit(batch).await {
            Err(StoreError::TooLarge { limits, .. }) => assert_eq!(limits, stated),
            other => panic!("a batch beyond {stated:?} ended as {other:?}"),
        }
    }
    assert_eq!(keys(&*engine).await, "");
    assert_eq!(engine.read(&[]).await.expect("a read").version, Version::NEVER);
}

fn puts(count: usize) -> Batch {
    (0..count).fold(Batch::default(), |batch, i| batch.put(format!("{i}"), ""))
}

/// A batch of more bytes than these, in values that share their memory.
fn many_bytes(limit: usize) -> Batch {
    let value = Bytes::from(vec![0; limit.min(1 << 20)]);
    let count = limit / value.len();
    (0..=count).fold(Batch::default(), |batch, _| batch.put("a", value.clone()))
}
