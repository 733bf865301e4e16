//! Damage is told in words: no panic of redb is printed. The hook that prints them is one for the process, so this
//! test has a process of its own.

use std::fs;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use keyfront_engine::{Batch, Engine, Range};
use keyfront_engine_redb::{RedbEngine, Settings, verify};

static PRINTED: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn what_is_done_with_a_damaged_file_prints_no_panic() {
    panic::set_hook(Box::new(|_| {
        PRINTED.fetch_add(1, Ordering::Relaxed);
    }));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyfront.redb");
    let engine = RedbEngine::open(folder.path(), Settings::default()).unwrap();
    let put = |batch: Batch, i| batch.put(format!("key-{i:04}"), vec![b'x'; 100]);
    engine.commit((0..1000).fold(Batch::default(), put)).await.unwrap();
    drop(engine);
    let whole = fs::read(&path).unwrap();
    let mut damaged = 0;
    for block in (4096..whole.len() - 4104).step_by(4104) {
        if whole[block..block + 4104].iter().all(|byte| *byte == 0) {
            continue;
        }
        let mut file = whole.clone();
        file[block] ^= 2;
        fs::write(&path, file).unwrap();
        damaged += usize::from(verify(folder.path(), &Settings::default(), |_| ()).is_err());
        if let Ok(engine) = RedbEngine::open(folder.path(), Settings::default()) {
            let _all = engine.read(&[Range::prefix("")]).await;
            for i in (0..1000).step_by(50) {
                let _one = engine.read(&[Range::key(format!("key-{i:04}"))]).await;
                let _outcome = engine.commit(Batch::default().delete(format!("key-{i:04}"))).await;
            }
        }
    }
    assert!(damaged > 10, "{damaged} damaged files");
    assert_eq!(PRINTED.load(Ordering::Relaxed), 0, "panics were printed");
    let control = panic::catch_unwind(|| panic!("the control"));
    assert!(control.is_err() && PRINTED.load(Ordering::Relaxed) == 1, "the hook counts what others print");
}
