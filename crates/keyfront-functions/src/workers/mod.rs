//! Where functions run for callers that do not run them themselves.
//!
//! Callers see [`Invoker`]: a prepared function and an invocation go in, an outcome comes out. What is behind it is
//! replaceable: a [pool of processes](ProcessPool) for code of strangers, or a [pool of threads](ThreadPool), which costs
//! less and trusts the code not to find a fault in the engine.

mod process_pool;
mod thread_pool;

use async_trait::async_trait;
use keyfront_domain::AccountId;

pub use self::process_pool::{ProcessPool, WorkerCommand};
pub use self::thread_pool::ThreadPool;
use crate::isolates::Stats;
use crate::{Function, Invocation, Limits, Outcome};

/// Runs prepared functions.
#[async_trait]
pub trait Invoker: Send + Sync + 'static {
    /// Runs a function once, for an account. Where invocations wait, accounts take turns.
    ///
    /// A failure of the function is an [`Outcome`].
    ///
    /// # Errors
    /// Too many invocations are waiting.
    async fn invoke(
        &self,
        account: AccountId,
        function: &Function,
        invocation: Invocation,
    ) -> Result<Outcome, Overloaded>;

    /// What is kept ready at this moment.
    fn stats(&self) -> Stats;
}

/// The size of a pool.
#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// Invocations at the same time, at least one: threads of a pool of threads, busy processes of a pool of processes.
    /// A pool of processes runs half as many in addition, at a low priority, of functions that have not proven themselves.
    /// A thread or a process is started when there is something to do for it.
    pub threads: usize,
    /// Bytes of isolates that all threads or processes together keep for the next invocations. Each has an equal share,
    /// and keeps the isolate that it used last even if that is larger.
    pub isolate_bytes: usize,
    /// What one invocation may use.
    pub limits: Limits,
}

impl Default for PoolSettings {
    fn default() -> PoolSettings {
        PoolSettings { threads: 1, isolate_bytes: 32 * 1024 * 1024, limits: Limits::default() }
    }
}

/// Too many invocations are waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many invocations are waiting")]
pub struct Overloaded;
