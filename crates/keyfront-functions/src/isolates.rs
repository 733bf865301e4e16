//! The isolates that one thread, or one worker process, keeps loaded for the next invocations.

use std::collections::HashMap;
use std::ops::Add;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Isolate;
use crate::clock::Stopwatch;

/// How long an isolate is kept unused.
pub(crate) const IDLE: Duration = Duration::from_mins(10);

/// What is kept ready for the next invocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct Stats {
    /// Isolates that are kept, each with its function loaded.
    pub isolates: usize,
    /// The bytes that they took when they were loaded.
    pub isolate_bytes: usize,
}

impl Add for Stats {
    type Output = Stats;

    fn add(self, other: Stats) -> Stats {
        Stats {
            isolates: self.isolates.saturating_add(other.isolates),
            isolate_bytes: self.isolate_bytes.saturating_add(other.isolate_bytes),
        }
    }
}

/// What all threads of a pool keep.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    isolates: AtomicUsize,
    bytes: AtomicUsize,
}

impl Usage {
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            isolates: self.isolates.load(Ordering::Relaxed),
            isolate_bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// Isolates by the fingerprint of the function that they have loaded, up to a number of bytes.
pub(crate) struct Isolates {
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
    pub(crate) fn new(bytes_max: usize, usage: Arc<Usage>) -> Isolates {
        Isolates { bytes_max, bytes: 0, kept: HashMap::new(), usage }
    }

    /// What is kept.
    pub(crate) fn stats(&self) -> Stats {
        Stats { isolates: self.kept.len(), isolate_bytes: self.bytes }
    }

    /// Takes out the isolate of a function, if one is kept.
    pub(crate) fn take(&mut self, fingerprint: u64) -> Option<Isolate> {
        self.remove(fingerprint)
    }

    /// Keeps an isolate for the next invocation. Those that were unused for longest make room for it.
    pub(crate) fn keep(&mut self, fingerprint: u64, isolate: Isolate) {
        let bytes = isolate.size_bytes();
        self.remove(fingerprint);
        while self.bytes.saturating_add(bytes) > self.bytes_max {
            let oldest =
                self.kept.iter().min_by_key(|(_, kept)| kept.since).map(|(fingerprint, _)| *fingerprint);
            let Some(oldest) = oldest else { break };
            self.remove(oldest);
        }
        self.kept.insert(fingerprint, Kept { isolate, bytes, since: Stopwatch::start() });
        self.bytes += bytes;
        self.usage.isolates.fetch_add(1, Ordering::Relaxed);
        self.usage.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Drops those that were unused for a time.
    pub(crate) fn drop_idle(&mut self, idle: Duration) {
        let unused = self.kept.iter().filter(|(_, kept)| kept.since.elapsed() >= idle);
        let unused: Vec<_> = unused.map(|(fingerprint, _)| *fingerprint).collect();
        for fingerprint in unused {
            self.remove(fingerprint);
        }
    }

    fn remove(&mut self, fingerprint: u64) -> Option<Isolate> {
        let kept = self.kept.remove(&fingerprint)?;
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
    use crate::{Function, Limits};

    fn function(number: usize) -> Function {
        let code = format!("function handler(event) {{ return event.request }} // {number}");
        Function::prepare(code.as_bytes(), Runtime::Js2)
    }

    fn keep(isolates: &mut Isolates, function: &Function) -> usize {
        let isolate = isolates.take(function.fingerprint());
        let isolate = isolate.unwrap_or_else(|| Isolate::load(function, Limits::default()));
        let bytes = isolate.size_bytes();
        isolates.keep(function.fingerprint(), isolate);
        bytes
    }

    #[test]
    fn an_isolate_is_kept_until_it_was_idle_for_a_time() {
        let usage = Arc::new(Usage::default());
        let mut isolates = Isolates::new(usize::MAX, Arc::clone(&usage));
        let bytes = keep(&mut isolates, &function(0));
        assert!(bytes > 0);

        isolates.drop_idle(IDLE);
        assert_eq!(usage.stats(), Stats { isolates: 1, isolate_bytes: bytes });
        isolates.drop_idle(Duration::ZERO);
        assert_eq!(usage.stats(), Stats::default());
    }

    /// docs/performance.md says what it is made of. This counts what the allocator gives, not what the engine asks for.
    #[test]
    fn a_loaded_function_takes_no_more_than_was_measured() {
        let bytes = keep(&mut Isolates::new(0, Arc::default()), &function(0));
        assert!(bytes < 320_000, "{bytes}");
    }

    #[test]
    fn a_thread_keeps_a_bounded_number_of_bytes_and_drops_what_was_unused_for_longest() {
        let functions: Vec<_> = (0..5).map(function).collect();
        let usage = Arc::new(Usage::default());
        let one = keep(&mut Isolates::new(0, Arc::default()), &functions[0]);
        let mut isolates = Isolates::new(3 * one + one / 2, Arc::clone(&usage));
        for function in &functions {
            keep(&mut isolates, function);
        }
        keep(&mut isolates, &functions[2]);
        let kept = |index: usize| isolates.kept.contains_key(&functions[index].fingerprint());
        assert_eq!([0, 1, 2, 3, 4].map(kept), [false, false, true, true, true]);
        assert_eq!(usage.stats().isolates, 3);
        drop(isolates);
        assert_eq!(usage.stats(), Stats::default());
    }

    #[test]
    fn the_isolate_that_was_used_last_is_kept_whatever_its_size() {
        let usage = Arc::new(Usage::default());
        let mut isolates = Isolates::new(1, Arc::clone(&usage));
        for number in 0..3 {
            keep(&mut isolates, &function(number));
            assert_eq!(usage.stats().isolates, 1);
        }
    }
}
