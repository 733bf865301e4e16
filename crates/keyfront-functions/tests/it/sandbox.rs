//! Runs cases and generated programs in the sandbox.

use std::time::Duration;

use keyfront_domain::function::Runtime;
use keyfront_functions::event::Event;
use keyfront_functions::{Failure, Function, Invocation, Isolate, Limits, Outcome};

use crate::corpus::{Seen, Told};

/// An outcome in the terms of the corpus.
pub(crate) fn seen(outcome: &Outcome) -> Seen {
    let result = match &outcome.result {
        Ok(returned) => Ok(serde_json::from_str(&returned.to_json()).unwrap()),
        Err(Failure::Execution(text)) => Err(Told::Execution(text.clone())),
        Err(failure @ (Failure::Validation(_) | Failure::Throttled)) => {
            Err(Told::Validation(failure.message()))
        }
    };
    Seen { result, logs: outcome.logs.clone() }
}

/// Runs a program without a budget to speak of, with an event that it does not look at.
pub(crate) fn run(code: &str, event: &str, now_ms: i64) -> Seen {
    let limits = Limits {
        memory_bytes: 64 * 1024 * 1024,
        steps: 1_000_000_000,
        time: Duration::MAX,
        log_bytes: 10 * 1024 * 1024,
    };
    let function = Function::prepare(code.as_bytes(), Runtime::Js2);
    let event = Event::from_json(event.as_bytes()).unwrap();
    let invocation = Invocation { event, store: None, now_ms, seed: 1 };
    seen(&Isolate::load(&function, limits).invoke(&invocation))
}
