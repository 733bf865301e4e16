//! The data folder in every condition that it may be found in.

use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use keyfront_engine::{Batch, Engine, Range, StoreError, Version};
use keyfront_engine_redb::RedbEngine;
use keyfront_engine_redb::{Settings, verify};
use redb::{Database, TableDefinition};

const DATA_FILE: &str = "keyfront.redb";

fn refusal(folder: &Path) -> String {
    match RedbEngine::open(folder, Settings::default()) {
        Err(StoreError::Unusable(reason)) => reason.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{} was opened", folder.display()),
    }
}

/// A folder with 2,000 entries, closed in good order.
async fn fill(folder: &Path) {
    let engine = super::open(folder);
    for i in 0..20 {
        let put = |batch: Batch, j| batch.put(format!("key-{i:02}-{j:02}"), vec![b'x'; 200]);
        engine.commit((0..100).fold(Batch::default(), put)).await.unwrap();
    }
}

fn write_redb(path: &Path, format: Option<u64>) {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    match format {
        Some(number) => {
            let mut meta =
                transaction.open_table(TableDefinition::<&str, u64>::new("keyfront-store")).unwrap();
            meta.insert("format", number).unwrap();
        }
        None => {
            transaction
                .open_table(TableDefinition::<u64, u64>::new("something"))
                .unwrap()
                .insert(1, 2)
                .unwrap();
        }
    }
    transaction.commit().unwrap();
}

#[tokio::test]
async fn a_new_folder_belongs_to_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("made").join("for-us");
    super::open(&folder).commit(Batch::default().put("a", "x")).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
    assert_eq!(super::open(&folder).read(&[]).await.unwrap().version, Version(1));
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_refused_with_what_to_do() {
    type Prepare = fn(&Path);
    let cases: &[(&str, Prepare, &str)] = &[
        ("is a file", |path| fs::write(path, "text").unwrap(), "is a file; name a folder"),
        ("is in a file", |path| fs::write(path.parent().unwrap().join("x"), "").unwrap(), "be created"),
        ("noise", |path| data(path, &vec![0x5A; 100_000]), "is not a data file of Keyfront"),
        ("empty file", |path| data(path, b""), "is empty"),
        ("few bytes", |path| data(path, b"redb"), "is not a data file of Keyfront"),
        (
            "only redb's mark",
            |path| data(path, b"redb\x1A\x0A\xA9\x0D\x0A"),
            "restore the folder from a backup",
        ),
        ("a foreign redb", |path| redb(path, None), "not one of Keyfront's"),
        ("a later format", |path| redb(path, Some(7)), "format 7 of a later Keyfront"),
    ];
    for (case, prepare, expected) in cases {
        let parent = tempfile::tempdir().unwrap();
        let name = if *case == "is in a file" { "x/folder" } else { "folder" };
        let folder = parent.path().join(name);
        if *case == "is in a file" {
            fs::write(parent.path().join("x"), "").unwrap();
        } else {
            prepare(&folder);
        }
        let before = fs::read(folder.join(DATA_FILE)).ok();
        let refusal = refusal(&folder);
        assert!(refusal.contains(expected), "{case}: {refusal}");
        assert!(fs::read(folder.join(DATA_FILE)).ok() == before, "{case}: the refused file was changed");
    }
}

fn data(folder: &Path, bytes: &[u8]) {
    fs::create_dir(folder).unwrap();
    fs::write(folder.join(DATA_FILE), bytes).unwrap();
}

fn redb(folder: &Path, format: Option<u64>) {
    fs::create_dir(folder).unwrap();
    write_redb(&folder.join(DATA_FILE), format);
}

#[tokio::test]
async fn a_folder_serves_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let engine = super::open(folder.path());
    assert!(refusal(folder.path()).contains("in use by another process"));
    let verified = verify(folder.path(), &Settings::default(), |_| ()).expect_err("the folder is in use");
    assert!(verified.to_string().contains("in use by another process"), "{verified}");
    drop(engine);
    // A tool that knows redb and not this folder.
    let tool = fs::File::open(folder.path().join(DATA_FILE)).unwrap();
    tool.try_lock().unwrap();
    assert!(refusal(folder.path()).contains("in use by another process"));
    drop(tool);
    super::open(folder.path());
}

#[tokio::test]
async fn a_folder_without_data_is_not_opened_as_an_existing_one_and_stays_as_it_is() {
    let parent = tempfile::tempdir().unwrap();
    let (empty, file) = (parent.path().join("empty"), parent.path().join("file"));
    fs::create_dir(&empty).unwrap();
    fs::write(&file, "text").unwrap();
    let missing = parent.path().join("missing");
    let no_data = "there is no data of Keyfront in";
    for (path, expected) in [(&empty, no_data), (&missing, no_data), (&file, "is a file; name a folder")] {
        let refused = RedbEngine::open_existing(path, Settings::default()).err().expect("no data");
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    assert!(!missing.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0, "something was created");
    super::open(&empty).commit(Batch::default().put("a", "x")).await.unwrap();
    let engine = RedbEngine::open_existing(&empty, Settings::default()).unwrap();
    assert_eq!(engine.read(&[]).await.unwrap().version, Version(1));
}

#[tokio::test]
async fn what_a_first_start_left_that_did_not_end_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keyfront.redb.new"), [0; 5000]).unwrap();
    let engine = super::open(folder.path());
    engine.commit(Batch::default().put("a", "x")).await.unwrap();
    assert!(!folder.path().join("keyfront.redb.new").exists());
}

#[tokio::test]
async fn a_truncated_data_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path()).await;
    let file = fs::OpenOptions::new().write(true).open(folder.path().join(DATA_FILE)).unwrap();
    let whole = file.metadata().unwrap().len();
    for len in [whole - 1, whole / 2, 5000, 400] {
        file.set_len(len).unwrap();
        let refusal = refusal(folder.path());
        assert!(refusal.contains("restore the folder from a backup"), "{len} bytes: {refusal}");
    }
}

#[tokio::test]
async fn damage_inside_the_data_file_is_found_and_panics_nowhere() {
    let whole = tempfile::tempdir().unwrap();
    fill(whole.path()).await;
    let bytes = fs::read(whole.path().join(DATA_FILE)).unwrap();
    let pages = u64::try_from(bytes.len()).unwrap() / 4096;
    let (mut found, mut used) = (0, 0);
    for page in (1..pages).step_by(3) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DATA_FILE);
        fs::write(&path, &bytes).unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all_at(&[0xA5; 4096], page * 4096).unwrap();
        used += u32::from(bytes[usize::try_from(page * 4096).unwrap()..][..4096].contains(&b'x'));
        let verified = verify(folder.path(), &Settings::default(), |_| ());
        found += u32::from(verified.is_err());
        if let Err(damage) = verified {
            assert!(damage.to_string().contains("restore the folder from a backup"), "{damage}");
            let settings = Settings { verify_on_start: true, ..Settings::default() };
            assert!(RedbEngine::open(folder.path(), settings).is_err(), "page {page}");
        }
        if let Ok(engine) = RedbEngine::open(folder.path(), Settings::default()) {
            for ranges in [[Range::prefix("")], [Range::key("key-10-50")]] {
                if let Err(damage) = engine.read(&ranges).await {
                    assert!(damage.to_string().contains("restore a backup"), "{damage}");
                }
            }
            let outcome = engine.commit(Batch::default().put("key-10-50", "x")).await;
            assert!(
                outcome.is_ok()
                    || outcome.is_err_and(|damage| damage.to_string().contains("restore a backup"))
            );
        }
    }
    assert!(found > 10 && used > 10, "{found} of {used} damaged pages were found");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for settings in [
        Settings { cache_bytes: 1000, ..Settings::default() },
        Settings { queue_batches: 0, ..Settings::default() },
        Settings { group_batches: 0, ..Settings::default() },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let refusal = RedbEngine::open(folder.path(), settings).err().expect("settings that cannot work");
        assert!(refusal.to_string().contains("set it to at least"), "{refusal}");
    }
}
