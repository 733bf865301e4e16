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
pub(crate) enum Failing {
    Reads,
    Watches,
}

/// A memory engine with a watch that remembers a single batch.
pub(crate) struct FailingEngine {
    engine: MemoryEngine,
    log: ChangeLog,
    held_back: Mutex<Option<Vec<Change>>>,
    failing: Mutex<Option<Failing>>,
    failures: watch::Sender<u32>,
}

impl FailingEngine {
    pub(crate) fn new() -> FailingEngine {
        FailingEngine {
            engine: MemoryEngine::new(),
            log: ChangeLog::new(Version::NEVER, 1, usize::MAX),
            held_back: Mutex::default(),
            failing: Mutex::default(),
            failures: watch::Sender::new(0),
        }
    }

    /// From now on commits are made, but watches do not bring them.
    pub(crate) fn hold_back(&self) {
        self.held_back.lock().unwrap().get_or_insert_default();
    }

    /// Brings all commits that were held back at once, of which it remembers the last: a watch lags that has not seen
    /// the others.
    pub(crate) fn publish(&self) {
        let changes = self.held_back.lock().unwrap().take();
        self.log.publish(changes.unwrap_or_default());
    }

    pub(crate) fn fail(&self, failing: Option<Failing>) {
        *self.failing.lock().unwrap() = failing;
    }

    /// Waits until it failed so often more.
    pub(crate) async fn failed(&self, times: u32) {
        let mut failures = self.failures.subscribe();
        let wanted = *failures.borrow() + times;
        failures.wait_for(|failures| *failures >= wanted).await.unwrap();
    }

    fn fails(&self, failing: Failing) -> Result<(), StoreError> {
        if *self.failing.lock().unwrap() != Some(failing) {
            return Ok(());
        }
        self.failures.send_modify(|failures| *failures += 1);
        Err(StoreError::Read { message: format!("{failing:?} fail"), source: None })
    }
}

#[async_trait]
impl Engine for FailingEngine {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.fails(Failing::Reads)?;
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let writes = batch.writes.clone();
        let outcome = self.engine.commit(batch).await?;
        if let Outcome::Committed(version) = outcome
            && !writes.is_empty()
        {
            let change = Change { version, writes };
            match &mut *self.held_back.lock().unwrap() {
                Some(held_back) => held_back.push(change),
                None => self.log.publish([change]),
            }
        }
        Ok(outcome)
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.fails(Failing::Watches)?;
        Ok(self.log.watch(after))
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}
