//! State of the running invocation, which the library's functions read and change.

use rquickjs::JsLifetime;
use std::cell::{Cell, RefCell};

use crate::Invocation;
use crate::event::{EventType, OriginDecision};
use crate::pair_reader::AssociatedStore;

/// The running invocation, as the library's functions see it: user data of the engine's context, renewed for each
/// invocation.
pub(crate) struct InvocationState {
    /// Which event the function handles.
    pub(crate) event_type: EventType,
    /// The time that the function sees, in milliseconds since the epoch.
    pub(crate) now_ms: i64,
    /// Where its random numbers begin.
    pub(crate) seed: u64,
    /// How many random numbers it has drawn.
    pub(crate) random_draws: Cell<u64>,
    /// The key value store that is associated with the function.
    pub(crate) store: Option<AssociatedStore>,
    /// How often it was read.
    pub(crate) store_reads: Cell<u32>,
    /// The calls under way when the code threw what ended it.
    pub(crate) stack: RefCell<Vec<String>>,
    /// The lines of `console.log`, one per call.
    pub(crate) logs: RefCell<Vec<String>>,
    /// Bytes of logs that may still come.
    pub(crate) log_bytes_left: Cell<usize>,
    /// What the function decided about the origin.
    pub(crate) origin: RefCell<Option<OriginDecision>>,
}

impl InvocationState {
    /// The state at the beginning of an invocation.
    pub(crate) fn of(
        invocation: &Invocation,
        store: Option<AssociatedStore>,
        log_bytes: usize,
    ) -> InvocationState {
        InvocationState {
            event_type: invocation.event.context.event_type,
            now_ms: invocation.now_ms,
            seed: invocation.seed,
            random_draws: Cell::new(0),
            store,
            store_reads: Cell::new(0),
            stack: RefCell::new(Vec::new()),
            logs: RefCell::new(Vec::new()),
            log_bytes_left: Cell::new(log_bytes),
            origin: RefCell::new(None),
        }
    }
}

// SAFETY: the state holds no value of the engine, so it has no lifetime of the engine to speak of.
#[expect(
    unsafe_code,
    reason = "the engine asks for it before it keeps user data; its derive macro writes the same"
)]
unsafe impl JsLifetime<'_> for InvocationState {
    type Changed<'to> = InvocationState;
}
