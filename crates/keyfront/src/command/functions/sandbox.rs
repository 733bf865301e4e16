//! The sandbox of `fn run` and `fn test`: a worker process, as at a server with its defaults.

use keyfront_domain::AccountId;
use keyfront_functions::{Function, Invocation, Invoker, Limits, Outcome, PoolSettings, ProcessPool};

use crate::failure::Failure;
use crate::function_worker;

/// Runs one function at a time.
pub(super) struct Sandbox(ProcessPool);

impl Sandbox {
    /// A sandbox whose process starts with the first function.
    pub(super) fn new() -> Sandbox {
        Sandbox::with(Limits::default())
    }

    /// The same, with limits of its own.
    pub(super) fn with(limits: Limits) -> Sandbox {
        Sandbox(ProcessPool::new(
            function_worker::command(),
            &PoolSettings { limits, ..PoolSettings::default() },
        ))
    }

    /// Runs a function once. A failure of the function is an outcome.
    pub(super) async fn invoke(
        &self,
        function: &Function,
        invocation: Invocation,
    ) -> Result<Outcome, Failure> {
        let outcome = self.0.invoke(AccountId::DEVELOPMENT, function, invocation).await;
        outcome.map_err(|overloaded| Failure::because("the function cannot be run", &overloaded))
    }
}
