//! Where functions run for callers that do not run them themselves.
//!
//! Callers see [`Invoker`]: a prepared function and an invocation go in, an outcome comes out. What is behind it is
//! replaceable; here it is a [pool of threads](ThreadPool).

mod thread_pool;

use async_trait::async_trait;

pub use self::thread_pool::{PoolSettings, ThreadPool};
use crate::{Function, Invocation, Outcome};

/// Runs prepared functions.
#[async_trait]
pub trait Invoker: Send + Sync + 'static {
    /// Runs a function once. An invocation that was begun ends even if its caller is gone.
    ///
    /// A failure of the function is an [`Outcome`].
    ///
    /// # Errors
    /// Too many invocations are waiting.
    async fn invoke(&self, function: &Function, invocation: Invocation) -> Result<Outcome, Overloaded>;

    /// What is kept ready at this moment.
    fn stats(&self) -> Stats;
}

/// Too many invocations are waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many invocations are waiting")]
pub struct Overloaded;

/// What an [`Invoker`] keeps ready for the next invocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Isolates that are kept, each with its function loaded.
    pub isolates: usize,
    /// The bytes that they took when they were loaded.
    pub isolate_bytes: usize,
}
