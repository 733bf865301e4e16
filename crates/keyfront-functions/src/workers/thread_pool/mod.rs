//! Thread pool: assignment, queueing, replacement.
//!
//! An engine cannot leave its thread, so each thread has isolates of its own. A function goes to the same thread for
//! as long as that one has time, and to any other when it has not.
//!
//! `scheduler` assigns invocations to threads and queues them; `thread` is the loop of one thread.

mod scheduler;
#[cfg(test)]
mod tests;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keyfront_domain::AccountId;
use tokio::time::timeout;

use self::scheduler::{Scheduler, Task};
use super::{Invoker, Overloaded, PoolSettings};
use crate::isolates::{Stats, Usage};
use crate::{Failure, Function, Invocation, Outcome};

/// After this time an invocation is not waited for. It asks for the time often enough to end much earlier by itself,
/// unless code found something in the engine that takes very long and asks for nothing.
const INVOCATION_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// An invocation that does not come back within five seconds fails; its thread is replaced, and its function is
    /// throttled until the thread is back. It needs tokio's clock. Accounts do not take turns.
    async fn invoke(
        &self,
        _account: AccountId,
        function: &Function,
        invocation: Invocation,
    ) -> Result<Outcome, Overloaded> {
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
