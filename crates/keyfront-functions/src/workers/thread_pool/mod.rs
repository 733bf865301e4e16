//! Thread pool: assignment, queueing, replacement.
//!
//! An engine cannot leave its thread, so each thread has isolates of its own. A function goes to the same thread for
//! as long as that one has time, and to any other when it has not.
//!
//! `scheduler` assigns invocations to threads and queues them; `thread` is the loop of one thread; `isolates` keeps
//! what a thread has loaded.

mod isolates;
mod scheduler;
#[cfg(test)]
mod tests;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use self::isolates::Usage;
use self::scheduler::{Scheduler, Task};
use super::{Invoker, Overloaded, Stats};
use crate::{Failure, Function, Invocation, Limits, Outcome};

/// After this time an invocation is not waited for. It asks for the time often enough to end much earlier by itself,
/// unless code found something in the engine that takes very long and asks for nothing.
const INVOCATION_TIMEOUT: Duration = Duration::from_secs(1);

/// The size of a pool.
#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// Threads, at least one. A thread is started when there is something to do for it.
    pub threads: usize,
    /// Bytes of isolates that all threads together keep for the next invocations. Each thread has an equal share, and
    /// keeps the isolate that it used last even if that is larger.
    pub isolate_bytes: usize,
    /// What one invocation may use.
    pub limits: Limits,
}

impl Default for PoolSettings {
    fn default() -> PoolSettings {
        PoolSettings { threads: 1, isolate_bytes: 32 * 1024 * 1024, limits: Limits::default() }
    }
}

/// Threads with isolates. They end when it is dropped, each of them after what it just runs.
pub struct ThreadPool {
    scheduler: Arc<Scheduler>,
    usage: Arc<Usage>,
    invocation_timeout: Duration,
}

impl ThreadPool {
    /// A pool without any thread yet.
    pub fn new(settings: &PoolSettings) -> ThreadPool {
        ThreadPool::with_timeout(settings, INVOCATION_TIMEOUT)
    }

    fn with_timeout(settings: &PoolSettings, invocation_timeout: Duration) -> ThreadPool {
        let usage = Arc::new(Usage::default());
        let threads = settings.threads.max(1);
        let worker = thread::Worker {
            limits: settings.limits,
            isolate_bytes: settings.isolate_bytes / threads,
            usage: Arc::clone(&usage),
        };
        let spawn = move |scheduler, slot, inbox| thread::spawn(worker.clone(), scheduler, slot, inbox);
        ThreadPool {
            scheduler: Arc::new(Scheduler::new(threads, Box::new(spawn))),
            usage,
            invocation_timeout,
        }
    }
}

#[async_trait]
impl Invoker for ThreadPool {
    /// An invocation that does not come back within a second fails; its thread is replaced, and its function is
    /// throttled until the thread is back. It needs tokio's clock.
    async fn invoke(&self, function: &Function, invocation: Invocation) -> Result<Outcome, Overloaded> {
        if let Some(failure) = function.refused() {
            return Ok(Outcome::failed(failure.clone()));
        }
        let mut answer = self.scheduler.submit(Task { function: function.clone(), invocation })?;
        loop {
            match timeout(self.invocation_timeout, &mut answer).await {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(_)) => {
                    return Ok(Outcome::failed(Failure::Execution(
                        "InternalError: the sandbox ended".to_owned(),
                    )));
                }
                // Every caller that waits looks after all threads, because those that began may have left.
                Err(_) => self.scheduler.replace_hung_threads(self.invocation_timeout),
            }
        }
    }

    fn stats(&self) -> Stats {
        self.usage.stats()
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.scheduler.close();
    }
}
