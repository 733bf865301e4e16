//! The isolates that one thread keeps.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::workers::Stats;
use crate::{Function, Isolate, Limits};

/// How long an isolate is kept unused.
pub(super) const IDLE: Duration = Duration::from_mins(10);

/// What all threads of a pool keep.
#[derive(Debug, Default)]
pub(super) struct Usage {
    isolates: AtomicUsize,
    bytes: AtomicUsize,
}

impl Usage {
    pub(super) fn stats(&self) -> Stats {
        Stats {
            isolates: self.isolates.load(Ordering::Relaxed),
            isolate_bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// Isolates by the function that they have loaded, up to a number of bytes.
pub(super) struct Isolates {
    limits: Limits,
    bytes_max: usize,
    bytes: usize,
    kept: HashMap<u64, Kept>,
    usage: Arc<Usage>,
}

struct Kept {
    isolate: Isolate,
    bytes: usize,
    since: Stopwatch,
}

impl Isolates {
    pub(super) fn new(limits: Limits, bytes_max: usize, usage: Arc<Usage>) -> Isolates {
        Isolates { limits, bytes_max, bytes: 0, kept: HashMap::new(), usage }
    }

    /// Takes out the isolate of a function, or loads one.
    pub(super) fn take(&mut self, function: &Function) -> Isolate {
        self.remove(function.id()).unwrap_or_else(|| Isolate::load(function, self.limits))
    }

    /// Keeps an isolate for the next invocation. Those that were unused for longest make room for it.
    pub(super) fn keep(&mut self, function: &Function, isolate: Isolate) {
        let bytes = isolate.size_bytes();
        self.remove(function.id());
        while self.bytes.saturating_add(bytes) > self.bytes_max {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.since).map(|(id, _)| *id);
            let Some(oldest) = oldest else { break };
            self.remove(oldest);
        }
        self.kept.insert(function.id(), Kept { isolate, bytes, since: Stopwatch::start() });
        self.bytes += bytes;
        self.usage.isolates.fetch_add(1, Ordering::Relaxed);
        self.usage.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Drops those that were unused for a time.
    pub(super) fn drop_idle(&mut self, idle: Duration) {
        let unused = self.kept.iter().filter(|(_, kept)| kept.since.elapsed() >= idle);
        let unused: Vec<_> = unused.map(|(id, _)| *id).collect();
        for id in unused {
            self.remove(id);
        }
    }

    fn remove(&mut self, id: u64) -> Option<Isolate> {
        let kept = self.kept.remove(&id)?;
        self.bytes -= kept.bytes;
        self.usage.isolates.fetch_sub(1, Ordering::Relaxed);
        self.usage.bytes.fetch_sub(kept.bytes, Ordering::Relaxed);
        Some(kept.isolate)
    }
}

/// A thread that ends takes its isolates with it.
impl Drop for Isolates {
    fn drop(&mut self) {
        self.usage.isolates.fetch_sub(self.kept.len(), Ordering::Relaxed);
        self.usage.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::function::Runtime;

    use super::*;

    fn function(number: usize) -> Function {
        let code = format!("function handler(event) {{ return event.request }} // {number}");
        Function::prepare(code.as_bytes(), Runtime::Js2)
    }

    fn keep(isolates: &mut Isolates, function: &Function) -> usize {
        let isolate = isolates.take(function);
        let bytes = isolate.size_bytes();
        isolates.keep(function, isolate);
        bytes
    }

    #[test]
    fn an_isolate_is_kept_until_it_was_idle_for_a_time() {
        let usage = Arc::new(Usage::default());
        let mut isolates = Isolates::new(Limits::default(), usize::MAX, Arc::clone(&usage));
        let bytes = keep(&mut isolates, &function(0));
        assert!(bytes > 0);

        isolates.drop_idle(IDLE);
        assert_eq!(usage.stats(), Stats { isolates: 1, isolate_bytes: bytes });
        isolates.drop_idle(Duration::ZERO);
        assert_eq!(usage.stats(), Stats::default());
    }

    #[test]
    fn a_thread_keeps_a_bounded_number_of_bytes_and_drops_what_was_unused_for_longest() {
        let functions: Vec<_> = (0..5).map(function).collect();
        let usage = Arc::new(Usage::default());
        let one = keep(&mut Isolates::new(Limits::default(), 0, Arc::default()), &functions[0]);
        let mut isolates = Isolates::new(Limits::default(), 3 * one + one / 2, Arc::clone(&usage));
        for function in &functions {
            keep(&mut isolates, function);
        }
        keep(&mut isolates, &functions[2]);
        let kept = |index: usize| isolates.kept.contains_key(&functions[index].id());
        assert_eq!([0, 1, 2, 3, 4].map(kept), [false, false, true, true, true]);
        assert_eq!(usage.stats().isolates, 3);
        drop(isolates);
        assert_eq!(usage.stats(), Stats::default());
    }

    #[test]
    fn the_isolate_that_was_used_last_is_kept_whatever_its_size() {
        let usage = Arc::new(Usage::default());
        let mut isolates = Isolates::new(Limits::default(), 1, Arc::clone(&usage));
        for number in 0..3 {
            keep(&mut isolates, &function(number));
            assert_eq!(usage.stats().isolates, 1);
        }
    }
}
