//! The redb engine on a disk that fails, stalls or loses power.

mod backups;
mod blocks;
mod crashes;
mod failures;
mod free_space;
mod groups;
mod platter;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::data_file::DataFile;
use super::disk::Medium;
use super::room::Room;
use super::{PAUSE, RedbEngine, Settings};
use keyfront_engine::{Batch, Engine, Outcome, Range, StoreError, Version, Write};
use platter::Platter;

fn small() -> Settings {
    Settings { cache_bytes: 1 << 20, ..Settings::default() }
}

/// Opens an engine on a platter, as `RedbEngine::open` does on a file.
fn open(platter: &Arc<Platter>, settings: Settings) -> Result<RedbEngine, StoreError> {
    open_with(platter, settings, PAUSE)
}

fn open_with(platter: &Arc<Platter>, settings: Settings, pause: Duration) -> Result<RedbEngine, StoreError> {
    open_with_room(platter, settings, None, pause)
}

fn open_with_room(
    platter: &Arc<Platter>,
    settings: Settings,
    room: Option<Room>,
    pause: Duration,
) -> Result<RedbEngine, StoreError> {
    let medium: Medium = platter.clone();
    let path = PathBuf::from("platter");
    let empty = medium.len().unwrap() == 0;
    let make = if empty { DataFile::create } else { DataFile::open };
    let file = make(&medium, &path, &settings)?;
    RedbEngine::start(file, medium, path, settings, None, room, pause)
}

async fn put(engine: &RedbEngine, key: &str, value: &str) -> Result<Version, StoreError> {
    match engine.commit(Batch::default().put(key.to_owned(), value.to_owned())).await? {
        Outcome::Committed(version) => Ok(version),
        Outcome::Conflict => panic!("a conflict without a check"),
    }
}

async fn contents(engine: &RedbEngine) -> Result<(Version, BTreeMap<Bytes, Bytes>), StoreError> {
    let mut snapshot = engine.read(&[Range::prefix("")]).await?;
    let entries = snapshot.ranges.pop().unwrap_or_default();
    Ok((snapshot.version, entries.into_iter().map(|entry| (entry.key, entry.value)).collect()))
}

/// What the entries are after these puts.
fn after<'a>(writes: impl Iterator<Item = &'a Write>) -> BTreeMap<Bytes, Bytes> {
    let mut entries = BTreeMap::new();
    for write in writes {
        match write {
            Write::Put { key, value } => {
                entries.insert(key.clone(), value.clone());
            }
            Write::Delete { key } => {
                entries.remove(key);
            }
            Write::DeleteRange { .. } => panic!("these tests delete no ranges"),
        }
    }
    entries
}
