//! Threads that run functions for callers on other threads.
//!
//! An engine cannot leave its thread, so each thread has isolates of its own. A function goes to the same thread for
//! as long as that one has time, and to any other when it has not.

mod isolates;
mod pool;
mod thread;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use self::pool::{Pool, Task};
use crate::{Failure, Function, Invocation, Limits, Outcome};

/// After this time a thread is not waited for. An invocation asks for the time often enough to end much earlier by
/// itself, unless code found something in the engine that takes very long and asks for nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Threads with isolates. They end when it is dropped, each of them after what it just runs.
pub struct Workers {
    pool: Arc<Pool>,
    patience: Duration,
}

/// Too many invocations wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many invocations are waiting")]
pub struct Overloaded;

impl Workers {
    /// Workers with up to `threads` threads, at least one. A thread is started when there is something to do for it.
    pub fn start(threads: usize, limits: Limits) -> Workers {
        Workers { pool: Arc::new(Pool::new(threads, limits)), patience: PATIENCE }
    }

    /// Runs a function once on one of them. Isolates of a function are kept for its next invocation.
    ///
    /// An invocation that was begun ends even if nobody waits for it any more. One that does not come back within a
    /// second fails; its thread is replaced, and its function is throttled until the thread is back. It needs tokio's
    /// clock.
    pub async fn invoke(&self, function: &Function, invocation: Invocation) -> Result<Outcome, Overloaded> {
        if let Some(failure) = function.refused() {
            return Ok(Outcome::failed(failure.clone()));
        }
        let mut answer = self.pool.submit(Task { function: function.clone(), invocation })?;
        loop {
            match timeout(self.patience, &mut answer).await {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(_)) => {
                    return Ok(Outcome::failed(Failure::Execution(
                        "InternalError: the sandbox ended".to_owned(),
                    )));
                }
                // Whoever waits looks after all threads, because those who began may have left.
                Err(_) => self.pool.give_up(self.patience),
            }
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.pool.close();
    }
}

#[cfg(test)]
mod tests;
