//! The data file removed, replaced, overwritten or cut short under a running engine.

use std::fs;
use std::path::Path;

use keyfront_engine::{Backup, Batch, Engine, Outcome, Range, StoreError, Version};
use keyfront_engine_redb::{RedbEngine, Settings, verify};

const DATA_FILE: &str = "keyfront.redb";

async fn put(engine: &RedbEngine, key: &'static str) -> Result<Outcome, StoreError> {
    engine.commit(Batch::default().put(key, "x")).await
}

/// Does something to the data folder, or to the file in it.
type Act = fn(&Path);

/// A folder in a folder, with one entry in it.
async fn begin() -> (tempfile::TempDir, std::path::PathBuf, std::sync::Arc<RedbEngine>) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let engine = super::open(&folder);
    put(&engine, "before").await.unwrap();
    (parent, folder, engine)
}

#[tokio::test]
async fn writes_are_refused_with_words_and_reads_go_on() {
    let cases: &[(&str, Act, &str)] = &[
        ("the file is removed", |folder| fs::remove_file(folder.join(DATA_FILE)).unwrap(), "was removed"),
        ("the folder is removed", |folder| fs::remove_dir_all(folder).unwrap(), "was removed"),
        (
            "the folder is moved",
            |folder| fs::rename(folder, folder.with_extension("old")).unwrap(),
            "was removed",
        ),
        (
            "a copy takes its place",
            |folder| {
                fs::copy(folder.join(DATA_FILE), folder.join("copy")).unwrap();
                fs::rename(folder.join("copy"), folder.join(DATA_FILE)).unwrap();
            },
            "was replaced by another file",
        ),
        (
            "it is cut short",
            |folder| {
                let file = fs::OpenOptions::new().write(true).open(folder.join(DATA_FILE)).unwrap();
                file.set_len(file.metadata().unwrap().len() / 2).unwrap();
            },
            "was cut short or written to by another process",
        ),
        (
            "it is overwritten from its beginning",
            |folder| {
                let path = folder.join(DATA_FILE);
                let mut bytes = fs::read(&path).unwrap();
                bytes[100..300].fill(7);
                fs::write(&path, bytes).unwrap();
            },
            "was cut short or written to by another process",
        ),
    ];
    for (case, act, expected) in cases {
        let (_parent, folder, engine) = begin().await;
        act(&folder);
        for attempt in ["first", "second"] {
            let refused = put(&engine, "later").await.expect_err(case);
            assert!(refused.outcome_is_known(), "{case}, {attempt} attempt: {refused}");
            assert!(refused.to_string().contains(expected), "{case}, {attempt} attempt: {refused}");
        }
        assert!(engine.stats().refusing.is_some_and(|reason| reason.contains(expected)), "{case}");
        let read = engine.read(&[Range::key("before"), Range::key("later")]).await.unwrap();
        assert_eq!((read.version, read.range(0).len(), read.range(1).len()), (Version(1), 1, 0), "{case}");
        let was_left = fs::read(folder.join(DATA_FILE)).ok();
        drop(engine);
        assert!(fs::read(folder.join(DATA_FILE)).ok() == was_left, "{case}: the end wrote to the file");
    }
}

#[tokio::test]
async fn what_was_removed_can_still_be_copied() {
    let (parent, folder, engine) = begin().await;
    fs::remove_dir_all(&folder).unwrap();
    put(&engine, "later").await.expect_err("the folder is gone");
    let copy = parent.path().join("copy");
    assert_eq!(engine.backup_to(&copy, Box::new(|_| ())).await.unwrap(), Version(1));
    assert_eq!(verify(&copy, &Settings::default(), |_| ()).unwrap().entries, 1);
}

#[tokio::test]
async fn writes_go_on_when_the_file_is_back_in_its_place() {
    let (parent, folder, engine) = begin().await;
    let away = parent.path().join("away");
    fs::rename(&folder, &away).unwrap();
    put(&engine, "later").await.expect_err("the folder is gone");
    fs::rename(&away, &folder).unwrap();
    assert_eq!(put(&engine, "later").await.unwrap(), Outcome::Committed(Version(2)));
    assert_eq!(engine.stats().refusing, None);
    drop(engine);
    let read = super::open(&folder).read(&[Range::prefix("")]).await.unwrap();
    assert_eq!((read.version, read.range(0).len()), (Version(2), 2));
}
