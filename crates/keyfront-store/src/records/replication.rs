//! Records about who follows whom: the timelines of a store, and how far a replica or a copy is. As JSON.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Document;

impl Document for TimelinesRecord {}
impl Document for ReplicaMark {}
impl Document for ReplicaRecord {}
impl Document for CopyMark {}

/// The commits that one run of a server made, and those of others that went on from there.
///
/// A store that was restored from a backup gives out versions a second time, for other commits. The timeline tells
/// them apart: a version means a commit only together with the timeline in which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Its id.
    pub id: Uuid,
    /// The last version before it: where it went on from the timeline in front of it.
    pub began: u64,
}

/// The timelines of a store, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinesRecord(pub Vec<Timeline>);

/// Says that a data folder holds the replica of an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaMark {}

/// Says that a copy into this store is being made, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyMark {
    /// The version of the store that is copied.
    pub version: u64,
    /// How many entries are here.
    pub entries: u64,
}

/// How far a replica has followed an account. Every commit that it takes over writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaRecord {
    /// The [format](crate::migration::CURRENT) of the entries.
    pub format: u32,
    /// The version of the store that the replica shows.
    pub version: u64,
    /// The timelines of the store at that version.
    pub timelines: Vec<Timeline>,
    /// When it was known to be the newest version, in milliseconds since the epoch.
    pub fresh_ms: i64,
}
