//! Entries on a disk, in the form of a saved state: whatever their keys and values are, an audit and a migration read
//! them or say what is damaged.
#![no_main]

use std::sync::LazyLock;

use bytes::{Buf, Bytes};
use keyfront_engine::{Batch, Engine, MemoryEngine};
use keyfront_store::{functions, migration, stores};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime of one thread"));

/// The next part of the entries: four bytes of length, and so many bytes.
fn part(bytes: &mut Bytes) -> Option<Bytes> {
    let length = usize::try_from(bytes.try_get_u32().ok()?).ok()?;
    (length <= bytes.remaining()).then(|| bytes.split_to(length))
}

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes::copy_from_slice(bytes);
    let mut batch = Batch::default();
    while let (Some(key), Some(value)) = (part(&mut bytes), part(&mut bytes)) {
        if !key.is_empty() {
            batch = batch.put(key, value);
        }
    }
    RUNTIME.block_on(async {
        let engine = MemoryEngine::new();
        if engine.commit(batch).await.is_ok() {
            let _ = migration::migrate(&engine).await;
            let _ = stores::audit(&engine).await;
            let _ = functions::audit(&engine).await;
        }
    });
});
