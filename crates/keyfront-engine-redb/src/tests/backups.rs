//! Backups that fail, and folders that are made for the first time.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::platter::{Access, Platter};
use super::{open, small};
use crate::disk::Medium;
use crate::folder::missing_folders;
use crate::{RedbEngine, Settings, backup, verify};
use keyfront_engine::{Backup, Batch, Engine, Version};

/// An engine with more data than its cache holds.
async fn begin() -> (Arc<Platter>, RedbEngine) {
    let platter = Arc::new(Platter::default());
    let engine = open(&platter, small()).unwrap();
    for i in 0..200 {
        let batch = Batch::default().put(format!("key-{i:03}"), vec![b'x'; 100_000]);
        engine.commit(batch).await.unwrap();
    }
    (platter, engine)
}

fn names(folder: &Path) -> Vec<OsString> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

#[tokio::test]
async fn a_backup_that_fails_takes_back_what_it_made() {
    let (platter, engine) = begin().await;
    let parent = tempfile::tempdir().unwrap();
    let (new, empty) = (parent.path().join("made").join("for-it"), parent.path().join("empty"));
    fs::create_dir(&empty).unwrap();
    platter.fail(Access::Read, 0, ErrorKind::Other);
    for folder in [&new, &empty] {
        let error = engine.backup_to(folder, Box::new(|_| ())).await.expect_err("the data cannot be read");
        assert!(error.to_string().contains("the backup was not finished"), "{error}");
    }
    assert_eq!(names(parent.path()), ["empty"]);
    assert_eq!(names(&empty), ["keyfront.lock"]);
    drop(engine);
    platter.heal();
    let engine = open(&platter, small()).unwrap();
    for folder in [&new, &empty] {
        assert_eq!(engine.backup_to(folder, Box::new(|_| ())).await.unwrap(), Version(200));
        assert_eq!(verify(folder, &Settings::default(), |_| ()).unwrap().entries, 200);
    }
}

#[tokio::test]
async fn what_a_backup_left_that_was_killed_does_not_block_the_next_one() {
    let (_platter, engine) = begin().await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keyfront.lock"), "").unwrap();
    fs::write(folder.path().join("keyfront.redb.new"), vec![7; 50_000]).unwrap();
    assert_eq!(engine.backup_to(folder.path(), Box::new(|_| ())).await.unwrap(), Version(200));
    assert_eq!(verify(folder.path(), &Settings::default(), |_| ()).unwrap().entries, 200);
    assert!(!folder.path().join("keyfront.redb.new").exists());
}

#[tokio::test]
async fn a_backup_to_a_disk_that_is_full_ends_there_with_what_to_do() {
    let (_platter, engine) = begin().await;
    let target = Arc::new(Platter::default());
    let medium: Medium = target.clone();
    let mut told = 0;
    let view = engine.shared.view();
    target.fail(Access::Write, 60, ErrorKind::StorageFull);
    let failed = backup::fill(&view, &medium, Path::new("target"), &small(), |entries| told = entries);
    let error = failed.expect_err("the disk is full").to_string();
    assert!(error.contains("free some space"), "{error}");
    assert!(told < 200, "{told} entries were copied to a disk that took no more");
}

#[test]
fn the_folders_that_are_made_are_named_from_the_root() {
    let here = std::env::current_dir().unwrap();
    let cases: [(&str, &[&str]); 4] = [
        ("no-such-folder", &["no-such-folder"]),
        ("no-such-folder/inner", &["no-such-folder/inner", "no-such-folder"]),
        ("./src/no-such-folder", &["src/no-such-folder"]),
        ("src", &[]),
    ];
    for (path, expected) in cases {
        let expected: Vec<PathBuf> = expected.iter().map(|folder| here.join(folder)).collect();
        assert_eq!(missing_folders(Path::new(path)).unwrap(), expected, "{path}");
    }
}
