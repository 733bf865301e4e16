//! The etcd engine: one ordered key space in an etcd cluster, for any number of servers.
//!
//! | File       | What it holds                                                                       |
//! |------------|-------------------------------------------------------------------------------------|
//! | `settings` | how etcd is reached, and how much it takes                                          |
//! | `opening`  | the start: format, limits, session                                                  |
//! | `limits`   | the limits of a batch, and whether etcd has those that they follow from             |
//! | `keys`     | the names of keys in etcd                                                           |
//! | `plan`     | a batch in the form that a transaction of etcd can have                             |
//! | `commit`   | commits                                                                             |
//! | `resolution` | what became of a commit whose answer was lost                                     |
//! | `session`  | the slots that make that certain                                                    |
//! | `upkeep`   | keeps the session of an engine alive, and ends it                                   |
//! | `group`    | batches that are committed in one transaction                                       |
//! | `turns`    | what is asked at the same time, so that it is sent together                         |
//! | `read`     | reads in pages of one revision                                                      |
//! | `lookup`   | reads of few keys, of which one request has several                                 |
//! | `combine`  | lookups that come at the same time, in one request                                  |
//! | `recent`   | what keys had a moment ago, in memory                                               |
//! | `follow`   | the watch                                                                           |
//! | `hold`     | work that one process does for all                                                  |
//! | `head`     | what a commit says of itself, so that a watch brings it as it was                   |
//! | `monitor`  | whether etcd has a leader and room                                                  |
//! | `cluster`  | the members, and which of them is asked                                             |
//! | `member`   | the connection to a member, and the token that it gave                              |
//! | `client`   | the calls of etcd                                                                   |
//! | `request`  | their messages, from their parts                                                    |
//! | `proto`    | calls and messages as they are on the wire: generated                               |
//! | `failure`  | what a failed call means                                                            |
//!
//! A commit is one transaction of etcd, its checks are compares of the revisions at which keys were last written, and
//! its version is the revision of etcd. The revision is shared with others, so versions have gaps.
//!
//! **What is linearizable:** every [`read`](Engine::read), every [`commit`](Engine::commit), also one without
//! writes. A watch brings commits in their order and may be late. [`read_recent`](Engine::read_recent) alone shows what
//! this engine knows from before, or what one member has without asking the others.
//!
//! **What is certain:** a commit that is answered with success is on the disks of most members. One whose answer is
//! lost is looked for, and its way barred if it is not there: see `commit`. If etcd does not say, the error is
//! [`StoreError::OutcomeUnknown`].
//!
//! **What is bounded:** commits and reads under way, pages, the change log, every pause and every attempt.
//!
//! **What this does not do:** it does not compact etcd, which forgets nothing by itself: start the members with
//! `--auto-compaction-retention`. It makes no copies: `etcdctl snapshot save` does. It takes no part in membership.
//!
//! The engine has two threads of its own, so that the watch and the session go on whatever the callers' runtime does,
//! and a commit whose caller went away comes to its end.

mod client;
mod cluster;
mod combine;
mod commit;
mod failure;
mod follow;
mod group;
mod head;
mod hold;
mod keys;
mod limits;
mod lookup;
mod member;
mod monitor;
mod opening;
mod plan;
mod proto;
mod read;
mod recent;
mod request;
mod resolution;
mod session;
mod settings;
mod shared;
mod turns;
mod upkeep;

use std::future::{Future, pending};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use keyfront_engine::{
    Batch, Changes, Engine, Hold, Limits, Outcome, Range, Snapshot, Stats, StoreError, Unusable, Version,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

pub use settings::Settings;

use opening::Absent;
use read::Currency;
use shared::Shared;

/// The name of this engine in configurations.
pub const NAME: &str = "etcd";

/// The time that is given to what is under way when the engine is dropped.
const GOODBYE: Duration = Duration::from_secs(2);

/// An engine on a cluster of etcd.
pub struct EtcdEngine {
    shared: Arc<Shared>,
    /// Taken on drop.
    runtime: Option<Runtime>,
}

impl EtcdEngine {
    /// Opens the key space, and begins one where there is none.
    ///
    /// It blocks the caller's thread until etcd answers, for as long as [`Settings::operation_seconds`]. The error says
    /// what is wrong with etcd or with the settings, and what to do.
    pub fn open(settings: Settings) -> Result<EtcdEngine, StoreError> {
        EtcdEngine::start(settings, Absent::Begin)
    }

    /// Opens a key space that is there. Otherwise like [`EtcdEngine::open`].
    pub fn open_existing(settings: Settings) -> Result<EtcdEngine, StoreError> {
        EtcdEngine::start(settings, Absent::Refuse)
    }

    fn start(settings: Settings, absent: Absent) -> Result<EtcdEngine, StoreError> {
        settings.check()?;
        let no_thread =
            |error: std::io::Error| Unusable::because(format!("no thread could be started: {error}"), error);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("keyfront-etcd")
            .enable_all()
            .build()
            .map_err(no_thread)?;
        let (answer, answered) = mpsc::channel();
        runtime.spawn(async move { answer.send(opening::open(settings, absent).await) });
        let opened = answered.recv().unwrap_or_else(|_ended| {
            Err(Unusable::new("opening etcd ended unexpectedly; see the log for the reason"))
        });
        match opened {
            Ok(shared) => Ok(EtcdEngine { shared, runtime: Some(runtime) }),
            Err(unusable) => {
                runtime.shutdown_background();
                Err(unusable.into())
            }
        }
    }

    /// Runs something on the engine's own threads, to its end even if the caller goes away.
    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
        ended: fn(String) -> StoreError,
    ) -> Result<T, StoreError> {
        let Some(runtime) = &self.runtime else { return Err(ended("the store is closed".to_owned())) };
        let joined = runtime.spawn(work).await;
        joined.unwrap_or_else(|error| Err(ended(format!("a task of the store ended unexpectedly: {error}"))))
    }

    async fn read_as(&self, ranges: Vec<Range>, currency: Currency) -> Result<Snapshot, StoreError> {
        let ended = |message| StoreError::Read { message, source: None };
        self.run(combine::read(Arc::clone(&self.shared), ranges, currency), ended).await
    }
}

#[async_trait]
impl Engine for EtcdEngine {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        self.read_as(ranges.to_vec(), Currency::Current).await
    }

    async fn read_recent(&self, ranges: &[Range]) -> Option<Result<Snapshot, StoreError>> {
        if let Some(known) = self.shared.recent.find(ranges) {
            return Some(Ok(known));
        }
        Some(self.read_as(ranges.to_vec(), Currency::Recent).await)
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        if !self.shared.limits.admit(&batch) {
            return Err(StoreError::too_large(&batch, self.shared.limits));
        }
        let ended = |message| StoreError::OutcomeUnknown { message, source: None };
        self.run(commit::commit(Arc::clone(&self.shared), batch), ended).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        // Another server may have told the caller of a commit that was not seen here yet.
        if after > self.shared.reached() {
            self.read_as(Vec::new(), Currency::Current).await?;
        }
        let reached = self.shared.reached() >= after;
        Ok(if reached { self.shared.log.watch(after) } else { self.shared.log.lagged() })
    }

    fn limits(&self) -> Limits {
        self.shared.limits
    }

    async fn hold(&self, name: &str) -> Hold {
        let taking = hold::take(Arc::clone(&self.shared), self.shared.keys.hold(name));
        // A caller that goes away must not leave something behind that goes on waiting.
        let mut waiting = JoinSet::new();
        if let Some(runtime) = &self.runtime {
            waiting.spawn_on(taking, runtime.handle());
        }
        match waiting.join_next().await {
            Some(Ok(hold)) => hold,
            // The engine is being closed.
            Some(Err(_)) | None => pending().await,
        }
    }

    fn stats(&self) -> Stats {
        self.shared.stats()
    }
}

/// Ends the session. What was committed but not answered yet is given two seconds.
impl Drop for EtcdEngine {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let shared = Arc::clone(&self.shared);
        runtime.spawn(async move {
            // With every place taken, nothing is under way.
            let all = u32::try_from(shared.settings.commits_in_flight).unwrap_or(u32::MAX);
            drop(shared.commits.acquire_many(all).await);
            upkeep::end(&shared).await;
            shared.closed.notify_one();
        });
        let shared = Arc::clone(&self.shared);
        // A runtime must not be waited for by a thread that runs tasks, which this one may be.
        let goodbye = thread::Builder::new().name("keyfront-etcd-end".to_owned()).spawn(move || {
            drop(runtime.block_on(async { tokio::time::timeout(GOODBYE, shared.closed.notified()).await }));
            runtime.shutdown_background();
        });
        if let Ok(goodbye) = goodbye {
            // At most two seconds; a lease that is left ends by itself.
            drop(goodbye.join());
        }
    }
}
