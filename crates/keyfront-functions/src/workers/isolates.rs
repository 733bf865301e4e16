//! The isolates of one thread.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::{Function, Isolate, Limits};

/// How many a thread keeps.
const MOST: usize = 1_000;

/// How long one is kept that nobody needs.
pub(super) const IDLE: Duration = Duration::from_mins(10);

/// Isolates by the function that they have loaded.
pub(super) struct Isolates {
    limits: Limits,
    kept: HashMap<u64, Kept>,
}

struct Kept {
    isolate: Isolate,
    since: Stopwatch,
}

impl Isolates {
    pub(super) fn new(limits: Limits) -> Isolates {
        Isolates { limits, kept: HashMap::new() }
    }

    /// Takes out the isolate of a function, or loads one.
    pub(super) fn take(&mut self, function: &Function) -> Isolate {
        self.kept
            .remove(&function.id())
            .map_or_else(|| Isolate::load(function, self.limits), |kept| kept.isolate)
    }

    /// Keeps it for the next invocation, in the place of the one that was not needed for longest if there are many.
    pub(super) fn keep(&mut self, function: &Function, isolate: Isolate) {
        if self.kept.len() >= MOST {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.since).map(|(id, _)| *id);
            oldest.and_then(|id| self.kept.remove(&id));
        }
        self.kept.insert(function.id(), Kept { isolate, since: Stopwatch::start() });
    }

    /// Drops those that nobody needed for a time.
    pub(super) fn drop_idle(&mut self, idle: Duration) {
        self.kept.retain(|_, kept| kept.since.elapsed() < idle);
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::function::Runtime;

    use super::*;

    #[test]
    fn an_isolate_is_kept_until_it_was_idle_for_a_time() {
        let function = Function::prepare(b"function handler(event) { return event.request }", Runtime::Js2);
        let mut isolates = Isolates::new(Limits::default());
        let isolate = isolates.take(&function);
        isolates.keep(&function, isolate);

        isolates.drop_idle(IDLE);
        assert!(isolates.kept.contains_key(&function.id()));
        isolates.drop_idle(Duration::ZERO);
        assert!(isolates.kept.is_empty());
    }

    #[test]
    fn a_thread_keeps_a_bounded_number_of_isolates_and_drops_the_oldest() {
        // Refused code loads no engine, which would take a thousand times as long here.
        let functions: Vec<_> = (0..=MOST).map(|_| Function::prepare(b"(", Runtime::Js2)).collect();
        let mut isolates = Isolates::new(Limits::default());
        for function in &functions {
            let isolate = isolates.take(function);
            isolates.keep(function, isolate);
        }
        assert_eq!(isolates.kept.len(), MOST);
        assert!(!isolates.kept.contains_key(&functions[0].id()));
    }
}
