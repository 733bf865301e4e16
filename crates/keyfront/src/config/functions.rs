//! Settings of functions: threads, and the budget of an invocation.

use keyfront_functions::{EVENT_STEPS, Limits, Workers};
use serde::Deserialize;

use crate::failure::Failure;

/// The most threads, so that a typing error does not start millions.
const MOST_THREADS: usize = 1_024;

/// The threads and the budget of functions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FunctionsSettings {
    /// Threads that run functions. 0: one for each processor.
    pub(crate) threads: usize,
    /// The instruction budget of an invocation, in calls, branches and jumps of the engine. CloudFront does not tell
    /// its own.
    pub(crate) instruction_budget: u64,
}

impl Default for FunctionsSettings {
    fn default() -> Self {
        FunctionsSettings { threads: 0, instruction_budget: Limits::default().steps }
    }
}

impl FunctionsSettings {
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.threads > MOST_THREADS {
            return Err(Failure::new(format!("[functions] threads is at most {MOST_THREADS}")));
        }
        if self.instruction_budget <= EVENT_STEPS {
            return Err(Failure::new(format!(
                "[functions] instruction_budget is more than {EVENT_STEPS}, which every invocation is charged with"
            )));
        }
        Ok(())
    }

    /// Starts the threads.
    pub(crate) fn start(&self) -> Workers {
        let threads = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        Workers::start(threads, Limits { steps: self.instruction_budget, ..Limits::default() })
    }
}
