//! Messages between the server and a worker process.
//!
//! The server begins with [`ToWorker::Start`], which has no answer. For each invocation it sends [`ToWorker::Invoke`] and then answers what
//! the worker asks for, until that sends [`FromWorker::Done`].

use borsh::{BorshDeserialize, BorshSerialize};
use keyfront_domain::function::Runtime;

use crate::event::Event;
use crate::isolates::Stats;
use crate::pair_reader::StoreMeta;
use crate::{Limits, Outcome};

/// What the server says.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) enum ToWorker {
    /// What the worker is for.
    Start(Start),
    /// Run a function.
    Invoke(Box<Call>),
    /// The code that the worker asked for.
    Code {
        code: Vec<u8>,
        is_js1: bool,
    },
    /// The value that it asked for.
    Value(Option<String>),
    /// Whether there is a value under the key that it asked about.
    Contains(bool),
    Meta(StoreMeta),
}

/// What a worker is for.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) struct Start {
    pub(crate) memory_bytes: u64,
    pub(crate) steps: u64,
    pub(crate) time_ms: u64,
    pub(crate) log_bytes: u64,
    /// Bytes of isolates to keep.
    pub(crate) isolate_bytes: u64,
    /// Whether the worker may look for a message before it sleeps.
    pub(crate) look: bool,
}

impl Start {
    pub(crate) fn new(limits: &Limits, isolate_bytes: usize, look: bool) -> Start {
        let count = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        Start {
            memory_bytes: count(limits.memory_bytes),
            steps: limits.steps,
            time_ms: u64::try_from(limits.time.as_millis()).unwrap_or(u64::MAX),
            log_bytes: count(limits.log_bytes),
            isolate_bytes: count(isolate_bytes),
            look,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        let count = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        Limits {
            memory_bytes: count(self.memory_bytes),
            steps: self.steps,
            time: std::time::Duration::from_millis(self.time_ms),
            log_bytes: count(self.log_bytes),
        }
    }
}

/// One invocation.
#[derive(Clone, BorshSerialize, BorshDeserialize)]
pub(crate) struct Call {
    /// The fingerprint of the function.
    pub(crate) function: u64,
    pub(crate) event: Event,
    /// The key value store that is associated with the function.
    pub(crate) store: Option<PinnedStore>,
    pub(crate) now_ms: i64,
    pub(crate) seed: u64,
}

/// A key value store, as it was at one moment.
#[derive(Clone, BorshSerialize, BorshDeserialize)]
pub(crate) struct PinnedStore {
    pub(crate) id: String,
    /// The number of the image that is pinned for the invocation. A worker never gets the same number for two images.
    pub(crate) image: u64,
}

/// What a worker says.
#[derive(BorshSerialize, BorshDeserialize)]
pub(crate) enum FromWorker {
    /// It does not have the function.
    WantsCode,
    /// It reads the store.
    WantsValue(String),
    WantsContains(String),
    WantsMeta,
    /// What came of the invocation, and what was kept meanwhile for others.
    Done(Box<Outcome>, Stats),
}

/// Whether a runtime is 1.0, which is how it travels.
pub(crate) fn is_js1(runtime: Runtime) -> bool {
    match runtime {
        Runtime::Js1 => true,
        Runtime::Js2 => false,
    }
}

/// The runtime that travelled.
pub(crate) fn runtime(is_js1: bool) -> Runtime {
    if is_js1 { Runtime::Js1 } else { Runtime::Js2 }
}
