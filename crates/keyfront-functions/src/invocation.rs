//! One invocation: what goes in and what comes out.

use std::sync::Arc;

use borsh::{BorshDeserialize, BorshSerialize};
use keyfront_domain::pairs::StorePairs;

use crate::Failure;
use crate::event::{Event, Returned};

/// What a function is invoked with.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The event.
    pub event: Event,
    /// The key value store that is associated with the function: its id and its pairs.
    pub store: Option<(String, Arc<StorePairs>)>,
    /// The time that the function sees for as long as it runs, in milliseconds since the epoch.
    pub now_ms: i64,
    /// Where its random numbers begin.
    pub seed: u64,
}

/// What came of an invocation.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Outcome {
    /// What the handler returned, in its normal form but not yet checked against the rules for headers
    /// ([`validate`](fn@crate::event::validate) does that); or why there is nothing.
    pub result: Result<Returned, Failure>,
    /// The calls under way when the code threw what it did not catch, in njs's form: a line per call, the innermost first,
    /// with its line in the code. Empty for everything else.
    pub stack: Vec<String>,
    /// A line per `console.log`, cut at the limit.
    pub logs: Vec<String>,
    /// What it used.
    pub used: Used,
}

impl Outcome {
    /// A failure before any of the code ran.
    pub(crate) fn failed(failure: Failure) -> Outcome {
        let used = Used { steps: 0, share: 1, time_ns: 0, store_reads: 0 };
        Outcome { result: Err(failure), stack: Vec::new(), logs: Vec::new(), used }
    }
}

/// What an invocation used.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub struct Used {
    /// Steps of the engine: calls, branches and jumps.
    pub steps: u64,
    /// The share of the budget, rounded up, 1 to 100.
    pub share: u8,
    /// Time on the thread, in nanoseconds.
    pub time_ns: u64,
    /// Reads of the key value store.
    pub store_reads: u32,
}

impl Used {
    /// The share of a budget.
    pub(crate) fn share_of(steps: u64, budget: u64) -> u8 {
        let share = steps.saturating_mul(100).div_ceil(budget.max(1));
        u8::try_from(share.clamp(1, 100)).unwrap_or(100)
    }
}
