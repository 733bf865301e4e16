//! An engine that fails on request, and tells of its commits when it is asked to.

use std::sync::Mutex;

use async_trait::async_trait;
use keyfront_engine::{ChangeLog, MemoryEngine};
use keyfront_store::{
    Batch, Change, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version,
};
use tokio::sync::watch;

/// What it fails to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ailment {
    Reads,
    Watches,
}

/// A memory engine with a watch that remembers a single batch.
pub(crate) struct Ailing {
    engine: MemoryEngine,
    log: ChangeLog,
    silent: Mutex<Option<Vec<Change>>>,
    ailment: Mutex<Option<Ailment>>,
    failures: watch::Sender<u32>,
}

impl Ailing {
    pub(crate) fn new() -> Ailing {
        Ailing {
            engine: MemoryEngine::new(),
            log: ChangeLog::new(Version::NEVER, 1, usize::MAX),
            silent: Mutex::default(),
            ailment: Mutex::default(),
            failures: watch::Sender::new(0),
        }
    }

    /// From now on commits are made but not told.
    pub(crate) fn fall_silent(&self) {
        self.silent.lock().unwrap().get_or_insert_default();
    }

    /// Tells of all commits at once, of which it remembers the last.
    pub(crate) fn speak(&self) {
        let changes = self.silent.lock().unwrap().take();
        self.log.publish(changes.unwrap_or_default());
    }

    pub(crate) fn ail(&self, ailment: Option<Ailment>) {
        *self.ailment.lock().unwrap() = ailment;
    }

    /// Waits until it failed so often more.
    pub(crate) async fn failed(&self, times: u32) {
        let mut failures = self.failures.subscribe();
        let wanted = *failures.borrow() + times;
        failures.wait_for(|failures| *failures >= wanted).await.unwrap();
    }

    fn fails(&self, ailment: Ailment) -> Result<(), StoreError> {
        if *self.ailment.lock().unwrap() != Some(ailment) {
            return Ok(());
        }
        self.failures.send_modify(|failures| *failures += 1);
        Err(StoreError::Read { message: format!("{ailment:?} fail"), source: None })
    }
}

#[async_trait]
impl Engine for Ailing {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.fails(Ailment::Reads)?;
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let writes = batch.writes.clone();
        let outcome = self.engine.commit(batch).await?;
        if let Outcome::Committed(version) = outcome
            && !writes.is_empty()
        {
            let change = Change { version, writes };
            match &mut *self.silent.lock().unwrap() {
                Some(silent) => silent.push(change),
                None => self.log.publish([change]),
            }
        }
        Ok(outcome)
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.fails(Ailment::Watches)?;
        Ok(self.log.watch(after))
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}
