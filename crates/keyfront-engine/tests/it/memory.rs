//! The memory engine under the conformance suite, also with small limits.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use keyfront_engine::{Engine, Limits, MemoryEngine, MemorySettings};
use keyfront_testkit::engines::model;

mod as_it_is {
    use super::*;

    keyfront_testkit::engine_conformance!((Arc::new(MemoryEngine::new()), ()));
}

/// As an engine on a cluster: small batches, and versions with gaps.
mod as_on_a_cluster {
    use super::*;

    keyfront_testkit::engine_conformance!((Arc::new(on_a_cluster()), ()));
}

fn on_a_cluster() -> MemoryEngine {
    let limits = Limits { writes: 128, bytes: 64 << 10 };
    MemoryEngine::with(MemorySettings { limits, skips_versions: true })
}

#[test]
fn an_engine_that_skips_versions_behaves_like_one_that_does_not() {
    // Opening a folder again finds its engine as it was.
    let engines = Mutex::new(HashMap::new());
    model::behaves_like_memory(48, |folder: &Path| -> Arc<dyn Engine> {
        let mut engines = engines.lock().unwrap();
        let engine = engines.entry(folder.to_owned()).or_insert_with(|| Arc::new(on_a_cluster()));
        Arc::<MemoryEngine>::clone(engine)
    });
}
