//! Flipped bits in the data file: what they hit is refused with words, and everything else is what it was.

use std::collections::BTreeMap;
use std::fs;

use keyfront_engine::{Batch, Engine, Outcome, Range, StoreError};
use keyfront_engine_redb::{RedbEngine, Settings, verify};

const DATA_FILE: &str = "keyfront.redb";

/// Bytes of a block of the data file with its checksum.
const BLOCK: usize = 4104;

/// Keys and values of all sizes, in a few commits, so that the file has pages of every kind.
fn entries() -> BTreeMap<String, Vec<u8>> {
    let value = |i: usize| match i % 40 {
        0 => vec![b'v'; 20_000],
        1 => Vec::new(),
        _ => format!("value {i} ").repeat(1 + i % 30).into_bytes(),
    };
    (0..600).map(|i| (format!("key-{:03}", i * 7 % 600), value(i))).collect()
}

/// A data file that holds the entries and was closed in good order.
async fn data_file() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let engine = super::open(folder.path());
    for part in entries().into_iter().collect::<Vec<_>>().chunks(60) {
        let put = |batch: Batch, (key, value): &(String, Vec<u8>)| batch.put(key.clone(), value.clone());
        engine.commit(part.iter().fold(Batch::default(), put)).await.unwrap();
    }
    drop(engine);
    fs::read(folder.path().join(DATA_FILE)).unwrap()
}

/// The bits to flip: some of every block that holds anything, and many of the header.
fn bits(file: &[u8]) -> Vec<usize> {
    let header = (0..512 * 8).step_by(41);
    let blocks = (1..).map(|number| 4096 + (number - 1) * BLOCK).take_while(|start| *start < file.len());
    let used = blocks.filter(|start| file[*start..start + BLOCK].iter().any(|byte| *byte != 0));
    // Two bits near the beginning, where a page says what it is, one in its middle, one of its checksum.
    let of_block = |start: usize| [3, 41, 9_000 + start % 9_000, 4096 * 8 + 5].map(|bit| start * 8 + bit);
    header.chain(used.flat_map(of_block)).collect()
}

fn flipped(file: &[u8], bit: usize) -> Vec<u8> {
    let mut file = file.to_vec();
    file[bit / 8] ^= 1 << (bit % 8);
    file
}

/// What became of the entries, each read by itself: how many were read, and how many are damaged.
async fn read_all(engine: &RedbEngine, expected: &BTreeMap<String, Vec<u8>>, bit: usize) -> (usize, usize) {
    let (mut read, mut damaged) = (0, 0);
    for (key, value) in expected {
        match engine.read(&[Range::key(key.clone())]).await {
            Ok(found) => {
                let found: Vec<_> = found.range(0).iter().map(|entry| &entry.value[..]).collect();
                assert!(found == [&value[..]], "bit {bit}: {key} has another value, or none");
                read += 1;
            }
            Err(StoreError::Damaged { message, .. }) => {
                assert!(message.contains("restore a backup"), "{message}");
                damaged += 1;
            }
            Err(other) => panic!("bit {bit}: {other}"),
        }
    }
    (read, damaged)
}

#[tokio::test]
async fn a_flipped_bit_is_never_a_wrong_value_and_is_an_error_of_what_it_hit_alone() {
    let file = data_file().await;
    let expected = entries();
    let (mut refused, mut partly) = (0, 0);
    let bits = bits(&file);
    for bit in &bits {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATA_FILE), flipped(&file, *bit)).unwrap();
        let found = verify(folder.path(), &Settings::default(), |_| ()).is_err();
        match RedbEngine::open(folder.path(), Settings::default()) {
            Ok(engine) => {
                let (read, damaged) = read_all(&engine, &expected, *bit).await;
                assert!(found || damaged == 0, "bit {bit}: the check did not find the damage");
                partly += usize::from(read > 0 && damaged > 0);
            }
            Err(StoreError::Unusable(reason)) => {
                let reason = reason.to_string();
                assert!(reason.contains("restore the folder from a backup"), "bit {bit}: {reason}");
                refused += 1;
            }
            Err(other) => panic!("bit {bit}: {other}"),
        }
    }
    // The rest hit what holds no entry. Most of those refused hit the header.
    assert!(partly > bits.len() / 4, "{partly} of {} left a part readable", bits.len());
    assert!(refused < bits.len() / 2, "{refused} of {} left nothing readable", bits.len());
}

#[tokio::test]
async fn a_write_beside_damage_is_made_and_one_to_a_damaged_page_is_refused_and_changes_nothing() {
    let file = data_file().await;
    let (mut made, mut refused) = (0, 0);
    for bit in bits(&file).into_iter().step_by(5) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATA_FILE), flipped(&file, bit)).unwrap();
        let Ok(engine) = RedbEngine::open(folder.path(), Settings::default()) else { continue };
        let mut expected = entries();
        let keys: Vec<_> = expected.keys().cloned().collect();
        for (i, key) in keys.iter().enumerate().step_by(13) {
            let batch = match i % 3 {
                0 => Batch::default().put(key.clone(), "new"),
                1 => Batch::default().delete(key.clone()),
                _ => Batch::default().delete_range(key.clone(), format!("{key}\0")),
            };
            match engine.commit(batch).await {
                Ok(Outcome::Committed(_)) if i % 3 == 0 => {
                    expected.insert(key.clone(), b"new".to_vec());
                    made += 1;
                }
                Ok(Outcome::Committed(_)) => {
                    expected.remove(key);
                    made += 1;
                }
                Ok(Outcome::Conflict) => panic!("bit {bit}: a conflict without a check"),
                Err(StoreError::Damaged { .. }) => refused += 1,
                // What redb itself keeps is damaged: nothing can be written any more.
                Err(StoreError::NotWritten { .. } | StoreError::Refused { .. }) => {}
                Err(other) => panic!("bit {bit}: {other}"),
            }
        }
        let before = read_all(&engine, &expected, bit).await;
        drop(engine);
        // A write gave no good checksum to what was damaged, and closing the file lost nothing.
        if let Ok(engine) = RedbEngine::open(folder.path(), Settings::default()) {
            assert_eq!(read_all(&engine, &expected, bit).await, before, "bit {bit}");
        }
    }
    assert!(made > 500 && refused > 50, "{made} writes were made and {refused} refused");
}

#[tokio::test]
async fn writes_that_arrive_together_with_one_to_a_damaged_page_are_made() {
    let file = data_file().await;
    let folder = tempfile::tempdir().unwrap();
    // The leaf of key-330, which is in the middle of what one commit wrote and far from the new keys.
    let place = file.windows(10).rposition(|bytes| bytes == b"value 390 ").unwrap();
    fs::write(folder.path().join(DATA_FILE), flipped(&file, place * 8)).unwrap();
    let engine = super::open(folder.path());
    let damaged: Vec<_> = {
        let mut damaged = Vec::new();
        for key in entries().into_keys() {
            if engine.read(&[Range::key(key.clone())]).await.is_err() {
                damaged.push(key);
            }
        }
        damaged
    };
    assert!(!damaged.is_empty() && damaged.len() < 100, "{} entries are damaged", damaged.len());
    let keys = damaged.iter().take(2).cloned().chain((0..8).map(|i| format!("new-{i}")));
    let commits: Vec<_> = keys
        .map(|key| {
            let engine = engine.clone();
            tokio::spawn(async move { (key.clone(), engine.commit(Batch::default().put(key, "x")).await) })
        })
        .collect();
    for commit in commits {
        let (key, outcome) = commit.await.unwrap();
        match outcome {
            Ok(_) => assert!(key.starts_with("new")),
            Err(error) => assert!(matches!(error, StoreError::Damaged { .. }) && damaged.contains(&key)),
        }
    }
    let stats = engine.stats();
    assert_eq!(stats.refusing, None);
    assert!(stats.last_error.is_some_and(|error| error.contains("keyfront check")));
}
