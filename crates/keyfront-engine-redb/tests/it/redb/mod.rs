//! The redb engine on real files.

use std::path::Path;
use std::sync::Arc;

use keyfront_engine_redb::RedbEngine;
use keyfront_engine_redb::Settings;
use keyfront_testkit::engines::model;

mod backup;
mod damage;
mod displaced;
mod folder;
mod upgrade;

fn open(folder: &Path) -> Arc<RedbEngine> {
    Arc::new(RedbEngine::open(folder, Settings::default()).unwrap())
}

fn fresh() -> (Arc<RedbEngine>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (open(folder.path()), folder)
}

keyfront_testkit::engine_conformance!(fresh());

#[test]
fn it_behaves_like_the_memory_engine_and_forgets_nothing_when_it_is_opened_again() {
    model::behaves_like_memory(48, |folder| open(folder));
}
