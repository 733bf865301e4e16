//! Settings of functions: where they run, how many at a time, and the budget of an invocation.

use std::sync::Arc;
use std::time::Duration;

use keyfront_functions::{Invoker, Limits, PoolSettings, ProcessPool, ThreadPool};
use serde::Deserialize;

use crate::failure::Failure;
use crate::function_worker;

/// The most threads, so that a typing error does not start millions.
const MOST_THREADS: usize = 1_024;

const MIB: u64 = 1024 * 1024;

/// What stands between a function and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Isolation {
    /// Functions run in processes that can do nothing else: for anyone's code.
    Processes,
    /// Functions run on threads of the server: for code that is trusted not to look for faults of the engine.
    Threads,
}

/// The place, the memory and the budget of functions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FunctionsSettings {
    /// What stands between a function and the server.
    pub(crate) isolation: Isolation,
    /// Functions that run at a time, each in a process or on a thread. 0: one for each processor.
    pub(crate) threads: usize,
    /// The instruction budget of an invocation, in calls, branches and jumps of the engine. CloudFront does not tell
    /// its own.
    pub(crate) instruction_budget: u64,
    /// Memory for functions that are loaded and wait for their next invocation, of all processes or threads together, in
    /// MiB.
    pub(crate) isolate_memory_mib: u32,
    /// Memory for the code of functions and what was made of it, in MiB.
    pub(crate) prepared_memory_mib: u32,
    /// Key value stores, functions and keys that were not used for so many seconds are no longer kept in memory.
    pub(crate) forget_after_seconds: u32,
}

impl Default for FunctionsSettings {
    fn default() -> Self {
        FunctionsSettings {
            isolation: Isolation::Processes,
            threads: 0,
            instruction_budget: Limits::default().steps,
            isolate_memory_mib: 32,
            prepared_memory_mib: 16,
            forget_after_seconds: 600,
        }
    }
}

impl FunctionsSettings {
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.threads > MOST_THREADS {
            return Err(Failure::new(format!("[functions] threads is at most {MOST_THREADS}")));
        }
        if self.instruction_budget == 0 {
            return Err(Failure::new("[functions] instruction_budget is at least 1"));
        }
        if self.forget_after_seconds == 0 {
            return Err(Failure::new("[functions] forget_after_seconds is at least 1"));
        }
        Ok(())
    }

    /// The pool that runs functions. Nothing is started before the first of them.
    pub(crate) fn pool(&self) -> Arc<dyn Invoker> {
        let threads = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        let isolate_bytes = usize::try_from(u64::from(self.isolate_memory_mib) * MIB).unwrap_or(usize::MAX);
        let limits = Limits { steps: self.instruction_budget, ..Limits::default() };
        let settings = PoolSettings { threads, isolate_bytes, limits };
        match self.isolation {
            Isolation::Processes => Arc::new(ProcessPool::new(function_worker::command(), &settings)),
            Isolation::Threads => Arc::new(ThreadPool::new(&settings)),
        }
    }

    /// How much of the store is kept in memory, and how long.
    pub(crate) fn view(&self) -> keyfront_view::Settings {
        keyfront_view::Settings {
            forget_after: Duration::from_secs(self.forget_after_seconds.into()),
            prepared_bytes: u64::from(self.prepared_memory_mib) * MIB,
            prepares_functions: self.isolation == Isolation::Threads,
        }
    }
}
