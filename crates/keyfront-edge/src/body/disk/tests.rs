//! Tests of bodies in a folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use tempfile::TempDir;

use super::*;
use crate::body::{ObjectBody, TransferFailed};

fn folder() -> (TempDir, DiskFolder) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DiskFolder::open(&temporary.path().join("cache")).unwrap();
    (temporary, folder)
}

/// Bytes that say where they stand.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

async fn written(folder: &DiskFolder, data: &[u8], piece: usize) -> Arc<DiskBody> {
    let (body, mut writer) = DiskBody::new(folder, 7, u64::try_from(data.len()).unwrap());
    for piece in data.chunks(piece) {
        writer.write(piece).await.unwrap();
    }
    writer.finish().await.unwrap();
    body
}

async fn read(body: ObjectBody) -> Result<Vec<u8>, TransferFailed> {
    let collected = tokio::time::timeout(Duration::from_mins(1), body.collect());
    Ok(collected.await.unwrap()?.to_bytes().to_vec())
}

fn whole(body: &Arc<DiskBody>) -> ObjectBody {
    ObjectBody::disk(body.reader().unwrap())
}

fn files(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn what_is_read_is_what_was_written() {
    let (_temporary, folder) = folder();
    for length in [1, 65_535, 65_536, 65_537, 200_000] {
        for piece in [1_000, 65_536, 150_000] {
            let data = pattern(length);
            let body = written(&folder, &data, piece).await;
            assert_eq!(read(whole(&body)).await.unwrap(), data, "{length} in pieces of {piece}");
            for range in [0..1, 0..length, length / 2..length, length - 1..length] {
                let wanted = u64::try_from(range.start).unwrap()..u64::try_from(range.end).unwrap();
                let part = read(whole(&body).range(wanted)).await.unwrap();
                assert_eq!(Some(&*part), data.get(range.clone()), "{range:?} of {length}");
            }
        }
    }
}

#[tokio::test]
async fn viewers_read_what_is_there_while_the_rest_comes() {
    let (_temporary, folder) = folder();
    let data = pattern(150_000);
    let (body, mut writer) = DiskBody::new(&folder, 7, 150_000);
    let reading = [tokio::spawn(read(whole(&body))), tokio::spawn(read(whole(&body).range(70_000..149_999)))];
    let mut early = whole(&body);
    writer.write(&data[..100]).await.unwrap();
    assert!(writer.has_pending() && !writer.is_deserted());
    writer.flush().await.unwrap();
    let frame = early.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(frame, data[..100], "before a block is whole");
    drop(early);
    writer.write(&data[100..]).await.unwrap();
    assert!(writer.is_past_half());
    writer.finish().await.unwrap();
    let [all, part] = reading;
    assert_eq!(all.await.unwrap().unwrap(), data);
    assert_eq!(part.await.unwrap().unwrap(), data[70_000..149_999]);
}

#[tokio::test]
async fn a_body_that_breaks_off_fails_after_what_was_written() {
    let (_temporary, folder) = folder();
    for says in [true, false] {
        let (body, mut writer) = DiskBody::new(&folder, 7, 100);
        let mut reading = whole(&body);
        writer.write(b"half").await.unwrap();
        writer.flush().await.unwrap();
        if says {
            writer.fail(TransferFailed::Length);
        } else {
            drop(writer);
        }
        assert_eq!(reading.frame().await.unwrap().unwrap().into_data().unwrap(), "half");
        let expected = if says { TransferFailed::Length } else { TransferFailed::Abandoned };
        assert_eq!(reading.frame().await.unwrap().map(drop).unwrap_err(), expected);
        assert!(body.reader().is_none());
    }
}

#[tokio::test]
async fn a_body_without_readers_says_so() {
    let (_temporary, folder) = folder();
    let (body, writer) = DiskBody::new(&folder, 7, 100);
    let reader = body.reader();
    assert!(!writer.is_deserted());
    drop(reader);
    writer.deserted().await;
    assert!(writer.is_deserted());
}

type Change = fn(&Path);

#[tokio::test]
async fn a_file_that_was_changed_is_not_served() {
    let (temporary, folder) = folder();
    let changes: [(Change, usize); 3] = [
        (|path| change_byte(path, 70_000), 1),
        (|path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(70_000).unwrap(), 1),
        (|path| fs::remove_file(path).unwrap(), 0),
    ];
    for (change, good_blocks) in changes {
        let body = written(&folder, &pattern(200_000), 65_536).await;
        let bodies: Vec<_> =
            files(temporary.path()).into_iter().filter(|path| !path.ends_with("keyfront-cache")).collect();
        let [file] = bodies.try_into().unwrap();
        change(&file);
        let mut reading = whole(&body);
        for _ in 0..good_blocks {
            assert!(reading.frame().await.unwrap().is_ok());
        }
        let failed = reading.frame().await.unwrap().map(drop).unwrap_err();
        assert!(matches!(failed, TransferFailed::Disk(_)), "{failed:?}");
        assert!(body.is_damaged() && body.reader().is_none());
        drop((reading, body));
        let gone = || files(temporary.path()).len() == 1;
        let mut looks = tokio::time::interval(Duration::from_millis(2));
        for _ in 0..2_000 {
            if gone() {
                break;
            }
            looks.tick().await;
        }
        assert!(gone());
    }
}

fn change_byte(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn files_are_the_owners_alone_and_the_next_start_deletes_them() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("cache");
    let first = DiskFolder::open(&path).unwrap();
    let body = written(&first, b"abc", 3).await;
    let (unfinished, mut writer) = DiskBody::new(&first, 8, 3);
    writer.write(b"ab").await.unwrap();
    writer.flush().await.unwrap();
    assert_eq!(files(&path).len(), 3);
    for file in files(&path) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
    assert!(matches!(DiskFolder::open(&path), Err(DiskError::InUse(_))));
    // As a process that was killed leaves them.
    std::mem::forget((body, unfinished, writer));
    let copy = temporary.path().join("copy");
    fs::rename(&path, &copy).unwrap();
    fs::create_dir(&path).unwrap();
    for entry in fs::read_dir(&copy).unwrap() {
        let entry = entry.unwrap();
        fs::rename(entry.path(), path.join(entry.file_name())).unwrap();
    }
    fs::remove_file(path.join("keyfront-cache")).unwrap();
    fs::write(path.join("keyfront-cache"), "").unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let second = DiskFolder::open(&path).unwrap();
    let left: Vec<_> = files(&path).into_iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.iter().any(|name| name == "notes.txt"));
    drop(second);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let temporary = tempfile::tempdir().unwrap();
    fs::create_dir(temporary.path().join("ab")).unwrap();
    assert!(matches!(DiskFolder::open(temporary.path()), Err(DiskError::NotOurs(_))));
    assert!(temporary.path().join("ab").is_dir());
    let file = temporary.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(DiskFolder::open(&file), Err(DiskError::Io { .. })));
}
