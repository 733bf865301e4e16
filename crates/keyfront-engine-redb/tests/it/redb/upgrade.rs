//! Data files of the version before there were checksums.

use std::fs;
use std::path::Path;

use keyfront_engine::{Batch, Engine, Range, StoreError, Version};
use keyfront_engine_redb::{RedbEngine, Settings, verify};
use redb::{Database, TableDefinition};

const DATA_FILE: &str = "keyfront.redb";
const ENTRIES: u64 = 500;

/// A data folder as the version before made it: a file of redb with the tables and the format record.
fn without_checksums(folder: &Path) {
    let database = Database::create(folder.join(DATA_FILE)).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let mut entries = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new("entries")).unwrap();
        for i in 0..ENTRIES {
            let stored = [&(i + 1).to_be_bytes()[..], format!("value {i}").as_bytes()].concat();
            entries.insert(format!("key-{i:03}").as_bytes(), &stored[..]).unwrap();
        }
        let mut meta = transaction.open_table(TableDefinition::<&str, u64>::new("keyfront-store")).unwrap();
        meta.insert("format", 1).unwrap();
        meta.insert("version", ENTRIES).unwrap();
    }
    transaction.commit().unwrap();
}

fn begins_with(folder: &Path, mark: &[u8]) -> bool {
    fs::read(folder.join(DATA_FILE)).unwrap().starts_with(mark)
}

#[tokio::test]
async fn an_old_data_file_opens_with_everything_and_has_checksums_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    without_checksums(folder.path());
    let report = verify(folder.path(), &Settings::default(), |_| ()).unwrap();
    assert_eq!((report.version, report.entries), (Version(ENTRIES), ENTRIES));
    assert!(begins_with(folder.path(), b"redb"), "a check changed the file");
    for open in ["first", "second"] {
        let engine = super::open(folder.path());
        assert!(begins_with(folder.path(), b"keyfront\x02"), "{open} open");
        let snapshot = engine.read(&[Range::prefix("key-")]).await.unwrap();
        for (i, entry) in (0..ENTRIES).zip(snapshot.range(0)) {
            assert_eq!(entry.key, format!("key-{i:03}"));
            assert_eq!((entry.value.to_vec(), entry.version), (format!("value {i}").into(), Version(i + 1)));
        }
        assert_eq!(snapshot.range(0).len(), 500);
        engine.commit(Batch::default().put(open, "x")).await.unwrap();
    }
    assert!(!folder.path().join("keyfront.redb.new").exists());
    let report = verify(folder.path(), &Settings::default(), |_| ()).unwrap();
    assert_eq!((report.version, report.entries), (Version(ENTRIES + 2), ENTRIES + 2));
}

#[tokio::test]
async fn damage_in_an_old_data_file_gets_no_checksum() {
    let folder = tempfile::tempdir().unwrap();
    without_checksums(folder.path());
    let path = folder.path().join(DATA_FILE);
    let mut file = fs::read(&path).unwrap();
    let place = file.windows(9).position(|bytes| bytes == b"value 100").unwrap();
    file[place] ^= 1;
    fs::write(&path, &file).unwrap();
    match RedbEngine::open(folder.path(), Settings::default()) {
        Err(StoreError::Unusable(reason)) => {
            assert!(reason.to_string().contains("restore the folder from a backup"), "{reason}");
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a damaged file was upgraded"),
    }
    assert!(fs::read(&path).unwrap() == file, "the refused file was changed");
    assert!(!folder.path().join("keyfront.redb.new").exists());
}
