//! Stores that are held back from being ready although nothing is imported.

use keyfront_engine::MemoryEngine;
use keyfront_store::stores::{finish_import, pending_imports};

use super::*;

#[tokio::test]
async fn a_held_store_waits_as_one_with_an_import_does_and_becomes_ready_empty() {
    let engine = MemoryEngine::new();
    let held = NewKeyValueStore { held: true, ..new("name", 1) };
    let record = create(&engine, &held).await.unwrap();
    assert_eq!((record.status.as_str(), &record.import), ("PROVISIONING", &None));
    assert!(matches!(put(&engine, 1, 1, "key", "value").await, WriteOutcome::Unwritable(_)));
    assert_eq!(pending_imports(&engine).await.unwrap(), [(arn(1), record)]);

    finish_import(&engine, &arn(1), Ok(&[]), NOW + 1).await.unwrap();
    assert_eq!(pending_imports(&engine).await.unwrap(), []);
    let ready = &listed(&engine).await[0];
    assert_eq!((ready.status.as_str(), ready.version, ready.modified_ms), ("READY", 1, NOW + 1));
    assert!(matches!(put(&engine, 1, 1, "key", "value").await, WriteOutcome::Written(_)));
}
