//! What a feed reads: the store of a server, or the replica of a relay. They differ in where versions come from.

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_store::records::{ReplicaRecord, Timeline, TimelinesRecord};
use keyfront_store::{Change, Engine, Key, Range, Record, StoreError, Version, Write, replication};
use uuid::Uuid;

use crate::position::Position;
use crate::replica::Resumable;

/// What a feed reads.
#[derive(Clone)]
pub enum Source {
    /// The store itself: its versions are the engine's.
    Store {
        /// The engine.
        engine: Arc<dyn Engine>,
        /// The id of the store's first timeline, if it has none.
        first_timeline: Uuid,
    },
    /// A replica: its versions are those of the store that it follows.
    Replica {
        /// The engine.
        engine: Arc<dyn Engine>,
        /// Where a follower can go on.
        resumable: Arc<Resumable>,
    },
}

/// Where a source is.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// The engine's own version.
    pub(super) own: Version,
    /// The version for followers.
    pub(super) version: Version,
    pub(super) timelines: Vec<Timeline>,
}

/// What a commit says about where a source is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The version for followers; nothing where it did not move.
    pub(super) version: Option<Version>,
    /// The timelines, if the commit wrote them.
    pub(super) timelines: Option<Vec<Timeline>>,
}

impl Source {
    pub(super) fn engine(&self) -> &Arc<dyn Engine> {
        match self {
            Source::Store { engine, .. } | Source::Replica { engine, .. } => engine,
        }
    }

    /// Where the source is now; `None` for a replica that has nothing of the account yet.
    pub(super) async fn head(&self, account: AccountId) -> Result<Option<Head>, StoreError> {
        match self {
            Source::Store { engine, first_timeline } => {
                replication::timelines(&**engine, *first_timeline).await?;
                let key = replication::timelines_key();
                let (own, timelines) = read(&**engine, &key).await?;
                let timelines = timelines.unwrap_or_default().0;
                Ok(Some(Head { own, version: own, timelines }))
            }
            Source::Replica { engine, .. } => {
                let (own, record) = read(&**engine, &replication::replica_key(account)).await?;
                Ok(record.map(|record| Head {
                    own,
                    version: Version(record.version),
                    timelines: record.timelines,
                }))
            }
        }
    }

    /// The engine's version after which the commits lie that a follower lacks; `None` where it needs an image.
    pub(super) fn resume(&self, from: Position, head: &Head) -> Option<Version> {
        if !from.is_behind(&head.timelines, head.version) {
            return None;
        }
        match self {
            Source::Store { .. } => Some(from.version),
            Source::Replica { resumable, .. } => resumable.own_version(from.version),
        }
    }

    pub(super) fn progress(&self, account: AccountId, change: &Change) -> Result<Progress, StoreError> {
        match self {
            Source::Store { .. } => {
                let timelines: Option<TimelinesRecord> = written(&replication::timelines_key(), change)?;
                let timelines = timelines.map(|record| record.0);
                Ok(Progress { version: Some(change.version), timelines })
            }
            Source::Replica { .. } => {
                let record: Option<ReplicaRecord> = written(&replication::replica_key(account), change)?;
                Ok(record.map_or_else(Progress::default, |record| Progress {
                    version: Some(Version(record.version)),
                    timelines: Some(record.timelines),
                }))
            }
        }
    }

    /// How long ago, in milliseconds, what the source has was known to be the newest.
    pub(super) fn age_ms(&self) -> u64 {
        match self {
            Source::Store { .. } => 0,
            Source::Replica { resumable, .. } => resumable.age_ms(),
        }
    }
}

async fn read<R: Record>(engine: &dyn Engine, key: &Key<R>) -> Result<(Version, Option<R>), StoreError> {
    let snapshot = engine.read(&[Range::key(key.bytes())]).await?;
    let entry = snapshot.ranges.into_iter().flatten().next();
    Ok((snapshot.version, entry.map(|entry| key.decode(&entry.value)).transpose()?))
}

/// The record that a commit wrote under a key.
fn written<R: Record>(key: &Key<R>, change: &Change) -> Result<Option<R>, StoreError> {
    let bytes = key.bytes();
    let last = change.writes.iter().rev().find_map(|write| match write {
        Write::Put { key, value } if *key == bytes => Some(value),
        Write::Put { .. } | Write::Delete { .. } | Write::DeleteRange { .. } => None,
    });
    last.map(|value| key.decode(value)).transpose()
}
