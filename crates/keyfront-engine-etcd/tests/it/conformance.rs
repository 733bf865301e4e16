//! What every engine promises.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use keyfront_engine::Engine;
use keyfront_engine_etcd::Settings;
use keyfront_testkit::engines::model;

use crate::fixture::{Cluster, open, shared};

mod one_member {
    use super::*;

    keyfront_testkit::engine_conformance!((Arc::new(open(&shared())), ()));
}

mod three_members {
    use super::*;

    static CLUSTER: std::sync::OnceLock<Cluster> = std::sync::OnceLock::new();
    static PREFIXES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

    fn settings() -> Settings {
        let number = PREFIXES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        CLUSTER.get_or_init(|| Cluster::shared(3)).settings(&format!("{number}/"))
    }

    keyfront_testkit::engine_conformance!((Arc::new(open(&settings())), ()));
}

#[test]
fn it_behaves_like_the_memory_engine_and_forgets_nothing_when_it_is_opened_again() {
    let prefixes = Mutex::new(HashMap::new());
    model::behaves_like_memory(24, |folder: &Path| -> Arc<dyn Engine> {
        let mut prefixes = prefixes.lock().unwrap();
        // Requests of the start are as large as the limit.
        let settings = || Settings { max_request_bytes: 1 << 20, ..shared() };
        Arc::new(open(prefixes.entry(folder.to_owned()).or_insert_with(settings)))
    });
}
