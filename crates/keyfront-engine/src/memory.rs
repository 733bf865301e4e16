//! The memory engine: an ordered map behind a lock.
//!
//! It is what other engines are compared with, and what a development server uses that is asked to
//! forget everything when it ends. It never touches a disk, so nothing in it fails.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{
    Batch, Change, ChangeLog, Changes, Engine, Entry, Limits, Outcome, Range, Snapshot, Stats, StoreError,
    Version, Write, bounds,
};

/// The batches that a watch may lag behind, and their bytes.
const WATCH_BATCHES: usize = 4096;
const WATCH_BYTES: usize = 16 << 20;

/// How a memory engine behaves. The defaults are those of a development server; tests of what other engines do
/// have others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemorySettings {
    /// The most that a batch may carry: [`Limits::LARGE`] unless set.
    pub limits: Limits,
    /// Leaves out versions, as an engine does that shares its counter with others. Off unless set.
    pub skips_versions: bool,
}

impl Default for MemorySettings {
    fn default() -> MemorySettings {
        MemorySettings { limits: Limits::LARGE, skips_versions: false }
    }
}

/// An engine that forgets everything when it is dropped.
pub struct MemoryEngine {
    settings: MemorySettings,
    state: RwLock<State>,
    log: ChangeLog,
}

#[derive(Default)]
struct State {
    version: Version,
    entries: BTreeMap<Bytes, (Bytes, Version)>,
    commits: u64,
    conflicts: u64,
}

impl MemoryEngine {
    /// An empty engine.
    #[must_use]
    pub fn new() -> MemoryEngine {
        MemoryEngine::with(MemorySettings::default())
    }

    /// An empty engine with these settings.
    #[must_use]
    pub fn with(settings: MemorySettings) -> MemoryEngine {
        let log = ChangeLog::new(Version::NEVER, WATCH_BATCHES, WATCH_BYTES);
        MemoryEngine { settings, state: RwLock::default(), log }
    }

    // A panic cannot leave the map half changed, so a poisoned lock is still good.
    fn reading(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryEngine {
    fn default() -> MemoryEngine {
        MemoryEngine::new()
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        let state = self.reading();
        let ranges = ranges.iter().map(|range| state.read(range)).collect();
        Ok(Snapshot { version: state.version, ranges })
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        if !self.settings.limits.admit(&batch) {
            return Err(StoreError::too_large(&batch, self.settings.limits));
        }
        let mut state = self.writing();
        let is_unchanged = batch.unchanged_since.is_none_or(|version| version == state.version);
        if !is_unchanged || !batch.checks.iter().all(|check| state.version_of(&check.key) == check.version) {
            state.conflicts += 1;
            return Ok(Outcome::Conflict);
        }
        if !batch.writes.is_empty() {
            state.version = self.settings.next(state.version);
            for write in &batch.writes {
                state.apply(write);
            }
            // Under the lock, so that a reader of this version finds it in the log.
            self.log.publish([Change { version: state.version, writes: batch.writes }]);
        }
        state.commits += 1;
        Ok(Outcome::Committed(state.version))
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        let reached = self.reading().version >= after;
        Ok(if reached { self.log.watch(after) } else { self.log.lagged() })
    }

    fn limits(&self) -> Limits {
        self.settings.limits
    }

    fn stats(&self) -> Stats {
        let state = self.reading();
        let (version, commits, conflicts) = (state.version, state.commits, state.conflicts);
        let largest_group = commits.min(1);
        Stats {
            engine: "memory",
            version,
            commits,
            conflicts,
            groups: commits,
            largest_group,
            ..Stats::default()
        }
    }
}

impl MemorySettings {
    /// The version of the commit after `version`.
    fn next(&self, version: Version) -> Version {
        // Gaps of different sizes, so that no arithmetic on versions fits them.
        let skipped = if self.skips_versions { version.0 % 3 } else { 0 };
        Version(version.next().0.saturating_add(skipped))
    }
}

impl State {
    fn read(&self, range: &Range) -> Vec<Entry> {
        if range.is_empty() {
            return Vec::new();
        }
        self.entries
            .range::<[u8], _>(bounds(&range.start, &range.end))
            .take(range.limit)
            .map(|(key, (value, version))| Entry {
                key: key.clone(),
                value: value.clone(),
                version: *version,
            })
            .collect()
    }

    fn version_of(&self, key: &[u8]) -> Version {
        self.entries.get(key).map_or(Version::NEVER, |(_, version)| *version)
    }

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Put { key, value } => {
                self.entries.insert(key.clone(), (value.clone(), self.version));
            }
            Write::Delete { key } => {
                self.entries.remove(key);
            }
            Write::DeleteRange { start, end } => {
                let doomed = self.read(&Range::new(start.clone(), end.clone()));
                for entry in doomed {
                    self.entries.remove(&entry.key);
                }
            }
        }
    }
}
