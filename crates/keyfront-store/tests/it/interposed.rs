//! An engine with which two act at once, and the second exactly where it hurts: before the commit of the
//! first, or between two of its reads.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use keyfront_engine::MemoryEngine;
use keyfront_store::{Batch, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version};

type Future = Pin<Box<dyn std::future::Future<Output = ()> + Send>>;

/// An engine that does something else before its next commit, or between its next two reads.
pub(crate) struct Interposed {
    engine: Arc<MemoryEngine>,
    before: Mutex<Option<Future>>,
    /// The commits that pass before that.
    pass: AtomicUsize,
    between_reads: Mutex<Option<Future>>,
    reads: AtomicUsize,
}

impl Interposed {
    pub(crate) fn new() -> Interposed {
        Interposed::on(Arc::default())
    }

    pub(crate) fn on(engine: Arc<MemoryEngine>) -> Interposed {
        Interposed {
            engine,
            before: Mutex::default(),
            pass: AtomicUsize::default(),
            between_reads: Mutex::default(),
            reads: AtomicUsize::default(),
        }
    }

    pub(crate) fn before_commit<F>(&self, act: impl FnOnce(Arc<MemoryEngine>) -> F)
    where
        F: std::future::Future<Output = ()> + Send + 'static,
    {
        self.before_commit_after(0, act);
    }

    /// The same, once so many commits were made.
    pub(crate) fn before_commit_after<F>(&self, commits: usize, act: impl FnOnce(Arc<MemoryEngine>) -> F)
    where
        F: std::future::Future<Output = ()> + Send + 'static,
    {
        self.pass.store(commits, Ordering::SeqCst);
        *self.before.lock().unwrap() = Some(Box::pin(act(Arc::clone(&self.engine))));
    }

    /// Whether what was to be done before a commit was done.
    pub(crate) fn has_acted(&self) -> bool {
        self.before.lock().unwrap().is_none()
    }

    pub(crate) fn between_reads<F>(&self, act: impl FnOnce(Arc<MemoryEngine>) -> F)
    where
        F: std::future::Future<Output = ()> + Send + 'static,
    {
        self.reads.store(0, Ordering::SeqCst);
        *self.between_reads.lock().unwrap() = Some(Box::pin(act(Arc::clone(&self.engine))));
    }
}

#[async_trait]
impl Engine for Interposed {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        if self.reads.fetch_add(1, Ordering::SeqCst) == 1 {
            let between = self.between_reads.lock().unwrap().take();
            if let Some(between) = between {
                between.await;
            }
        }
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let passes =
            self.pass.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        let before = if passes { None } else { self.before.lock().unwrap().take() };
        if let Some(before) = before {
            before.await;
        }
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}
