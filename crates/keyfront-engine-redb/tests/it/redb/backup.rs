//! Copies while serving, and the check of a folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keyfront_engine::{Backup, Batch, Engine, Outcome, Range, StoreError, Version};
use keyfront_engine_redb::{Frozen, RedbEngine, Report, Settings, verify};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_shows_one_moment_while_writes_go_on() {
    let (engine, _folder) = super::fresh();
    for i in 0..30_u32 {
        let put = |batch: Batch, j| batch.put(format!("key-{i:02}-{j:04}"), i.to_string());
        engine.commit((0..1000).fold(Batch::default(), put)).await.unwrap();
    }
    let before = engine.read(&[Range::prefix("")]).await.unwrap();
    let target = tempfile::tempdir().unwrap();
    let copied = Arc::new(AtomicU64::new(0));
    let (told, writing) = (Arc::clone(&copied), Arc::clone(&engine));
    let handle = tokio::runtime::Handle::current();
    // Every step of the copy is followed by a commit.
    let progress = move |entries| {
        told.store(entries, Ordering::Relaxed);
        let batch = Batch::default().delete_range("key-1", "key-2").put("later", "x");
        assert!(matches!(handle.block_on(writing.commit(batch)), Ok(Outcome::Committed(_))));
    };
    assert_eq!(engine.backup_to(target.path(), Box::new(progress)).await.unwrap(), before.version);
    assert_eq!(copied.load(Ordering::Relaxed), 30_000);
    assert!(engine.stats().version > before.version);
    let report = verify(target.path(), &Settings::default(), |_| ()).unwrap();
    let bytes = before.range(0).iter().map(|entry| entry.key.len() + entry.value.len()).sum::<usize>();
    let bytes = u64::try_from(bytes).unwrap();
    let expected = Report { version: before.version, entries: 30_000, bytes, free_space_is_right: true };
    assert_eq!(report, expected);
    let copy = super::open(target.path());
    assert!(copy.read(&[Range::prefix("")]).await.unwrap() == before, "the copy holds other entries");
    let outcome = copy.commit(Batch::default().put("a", "x")).await.unwrap();
    assert_eq!(outcome, Outcome::Committed(before.version.next()));
}

#[tokio::test]
async fn a_backup_goes_into_an_empty_folder_only() {
    let (engine, own_folder) = super::fresh();
    let target = tempfile::tempdir().unwrap();
    fs::write(target.path().join("notes.txt"), "mine").unwrap();
    let refused = engine.backup_to(target.path(), Box::new(|_| ())).await.expect_err("a folder in use");
    assert!(refused.to_string().contains("is not empty (it holds notes.txt)"), "{refused}");
    let refused =
        engine.backup_to(own_folder.path(), Box::new(|_| ())).await.expect_err("the engine's own folder");
    assert!(refused.to_string().contains("in use"), "{refused}");
    let new = target.path().join("new");
    assert_eq!(engine.backup_to(&new, Box::new(|_| ())).await.unwrap(), Version::NEVER);
    let refused = engine.backup_to(&new, Box::new(|_| ())).await.expect_err("a folder with a backup");
    assert!(refused.to_string().contains("is not empty"), "{refused}");
}

#[tokio::test]
async fn a_backup_is_restored_into_a_folder_without_data_only() {
    let (engine, own_folder) = super::fresh();
    engine.commit(Batch::default().put("a", "1")).await.unwrap();
    let before = engine.read(&[Range::prefix("")]).await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    engine.backup_to(backup.path(), Box::new(|_| ())).await.unwrap();
    engine.commit(Batch::default().put("a", "2")).await.unwrap();
    let frozen = Frozen::open(backup.path(), &Settings::default()).unwrap();
    let restore = |folder: &Path| frozen.restore_to(folder, &Settings::default());
    let refused = restore(own_folder.path()).expect_err("a folder that a server uses");
    assert!(refused.to_string().contains("in use"), "{refused}");
    drop(engine);
    let held = listing(own_folder.path());
    let refused = restore(own_folder.path()).expect_err("a folder with data");
    assert!(refused.to_string().contains("holds data already"), "{refused}");
    assert_eq!(listing(own_folder.path()), held);
    // What else is in the folder stays, such as the key of the credentials.
    fs::rename(own_folder.path().join("keyfront.redb"), own_folder.path().join("old")).unwrap();
    fs::write(own_folder.path().join("secret.key"), "mine").unwrap();
    assert_eq!(restore(own_folder.path()).unwrap(), before.version);
    assert_eq!(fs::read(own_folder.path().join("secret.key")).unwrap(), b"mine");
    let restored = super::open(own_folder.path());
    assert!(restored.read(&[Range::prefix("")]).await.unwrap() == before, "other entries were restored");
    let outcome = restored.commit(Batch::default().put("b", "x")).await.unwrap();
    assert_eq!(outcome, Outcome::Committed(before.version.next()));
    let new = backup.path().join("new");
    assert_eq!(restore(&new).unwrap(), before.version);
}

#[tokio::test]
async fn verifying_changes_nothing() {
    let (engine, folder) = super::fresh();
    engine.commit(Batch::default().put("key", "value")).await.unwrap();
    drop(engine);
    let path = folder.path().join("keyfront.redb");
    let before = fs::read(&path).unwrap();
    let report = verify(folder.path(), &Settings::default(), |_| ()).unwrap();
    let expected = Report { version: Version(1), entries: 1, bytes: 8, free_space_is_right: true };
    assert_eq!(report, expected);
    assert!(fs::read(&path).unwrap() == before, "the data file was changed");
}

#[test]
fn a_folder_without_data_is_not_verified() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    for path in [folder.path(), &missing] {
        match verify(path, &Settings::default(), |_| ()) {
            Err(StoreError::Unusable(reason)) => {
                assert!(reason.to_string().contains("there is no data of Keyfront"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something was created");
}

#[tokio::test]
async fn a_copy_that_nobody_may_write_to_is_verified_and_read() {
    let (engine, _folder) = super::fresh();
    engine.commit(Batch::default().put("key", "value")).await.unwrap();
    let target = tempfile::tempdir().unwrap();
    engine.backup_to(target.path(), Box::new(|_| ())).await.unwrap();
    for has_lock_file in [true, false] {
        if !has_lock_file {
            fs::remove_file(target.path().join("keyfront.lock")).unwrap();
        }
        let before = listing(target.path());
        for file in before.keys().map(|name| target.path().join(name)) {
            fs::set_permissions(file, fs::Permissions::from_mode(0o400)).unwrap();
        }
        fs::set_permissions(target.path(), fs::Permissions::from_mode(0o500)).unwrap();
        let mut frozen = Frozen::open(target.path(), &Settings::default()).unwrap();
        assert_eq!(frozen.verify(|_| ()).unwrap().entries, 1);
        let read = frozen.read(&[Range::prefix("")]).await.unwrap();
        assert!(read == engine.read(&[Range::prefix("")]).await.unwrap());
        let refused = frozen.commit(Batch::default().put("key", "other")).await.unwrap_err();
        assert!(refused.outcome_is_known() && refused.to_string().contains("for reading"), "{refused}");
        // Two processes may read it at once, and no process may write meanwhile.
        verify(target.path(), &Settings::default(), |_| ()).unwrap();
        drop(frozen);
        fs::set_permissions(target.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(listing(target.path()) == before, "the folder was changed");
    }
}

#[tokio::test]
async fn nobody_writes_to_a_folder_that_is_being_read() {
    let (engine, folder) = super::fresh();
    engine.commit(Batch::default().put("key", "value")).await.unwrap();
    drop(engine);
    for has_lock_file in [true, false] {
        if !has_lock_file {
            fs::remove_file(folder.path().join("keyfront.lock")).unwrap();
        }
        let frozen = Frozen::open(folder.path(), &Settings::default()).unwrap();
        let refused = RedbEngine::open(folder.path(), Settings::default()).err().expect("it is in use");
        assert!(refused.to_string().contains("in use by another process"), "{refused}");
        drop(frozen);
        super::open(folder.path());
    }
}

/// The files of a folder with what they hold, by name.
fn listing(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
}
