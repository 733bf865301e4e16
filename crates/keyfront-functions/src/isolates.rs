//! The isolates that one thread, or one worker process, keeps loaded for the next invocations.

use std::collections::HashMap;
use std::ops::Add;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::isolate::{Engines, WhenFull};
use crate::{Function, Isolate, Limits};

/// How long an isolate is kept unused.
pub(crate) const IDLE: Duration = Duration::from_mins(10);

/// What is kept ready for the next invocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct Stats {
    /// Isolates that are kept, each with its function loaded.
    pub isolates: usize,
    /// The bytes that they and their engines took when they were loaded.
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
    /// Replaces what one thread kept.
    fn replace(&self, before: Stats, after: Stats) {
        let change = |sum: &AtomicUsize, before: usize, after: usize| {
            // Modulo the size of the number, as the sum is.
            sum.fetch_add(after.wrapping_sub(before), Ordering::Relaxed);
        };
        change(&self.isolates, before.isolates, after.isolates);
        change(&self.bytes, before.isolate_bytes, after.isolate_bytes);
    }

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
    engines: Rc<Engines>,
    /// What the kept functions take beside their engines.
    function_bytes: usize,
    kept: HashMap<u64, Kept>,
    usage: Arc<Usage>,
    /// What this thread's part in `usage` is.
    counted: Stats,
}

struct Kept {
    isolate: Isolate,
    function_bytes: usize,
    since: Stopwatch,
}

impl Isolates {
    pub(crate) fn new(limits: Limits, when_full: WhenFull, bytes_max: usize, usage: Arc<Usage>) -> Isolates {
        Isolates {
            bytes_max,
            engines: Rc::new(Engines::new(limits, when_full)),
            function_bytes: 0,
            kept: HashMap::new(),
            usage,
            counted: Stats::default(),
        }
    }

    /// What is kept, and the engine of an isolate that was taken out.
    pub(crate) fn stats(&self) -> Stats {
        Stats { isolates: self.kept.len(), isolate_bytes: self.bytes() }
    }

    /// Loads a function.
    pub(crate) fn load(&self, function: &Function) -> Isolate {
        Isolate::load_in(function, Rc::clone(&self.engines))
    }

    /// Takes out the isolate of a function, if one is kept.
    pub(crate) fn take(&mut self, fingerprint: u64) -> Option<Isolate> {
        self.remove(fingerprint)
    }

    /// Keeps an isolate for the next invocation. Those that were unused for longest make room for it.
    pub(crate) fn keep(&mut self, fingerprint: u64, isolate: Isolate) {
        let function_bytes = isolate.function_bytes();
        self.remove(fingerprint);
        while self.bytes().saturating_add(function_bytes) > self.bytes_max {
            let oldest =
                self.kept.iter().min_by_key(|(_, kept)| kept.since).map(|(fingerprint, _)| *fingerprint);
            let Some(oldest) = oldest else { break };
            self.remove(oldest);
        }
        self.kept.insert(fingerprint, Kept { isolate, function_bytes, since: Stopwatch::start() });
        self.function_bytes += function_bytes;
        self.count();
    }

    /// Drops those that were unused for a time.
    pub(crate) fn drop_idle(&mut self, idle: Duration) {
        let unused = self.kept.iter().filter(|(_, kept)| kept.since.elapsed() >= idle);
        let unused: Vec<_> = unused.map(|(fingerprint, _)| *fingerprint).collect();
        for fingerprint in unused {
            self.remove(fingerprint);
        }
        self.count();
    }

    fn bytes(&self) -> usize {
        self.function_bytes.saturating_add(self.engines.size_bytes())
    }

    fn remove(&mut self, fingerprint: u64) -> Option<Isolate> {
        let kept = self.kept.remove(&fingerprint)?;
        self.function_bytes -= kept.function_bytes;
        Some(kept.isolate)
    }

    /// Brings what all threads keep up to date.
    fn count(&mut self) {
        let now = self.stats();
        self.usage.replace(self.counted, now);
        self.counted = now;
    }
}

/// A thread that ends takes its isolates with it.
impl Drop for Isolates {
    fn drop(&mut self) {
        self.usage.replace(self.counted, Stats::default());
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::function::Runtime;

    use super::*;
    use crate::Invocation;
    use crate::event::Event;

    fn to(uri: &str) -> Invocation {
        let json = serde_json::json!({
            "version": "1.0",
            "context": {"eventType": "viewer-request"},
            "viewer": {"ip": "203.0.113.1"},
            "request": {"method": "GET", "uri": uri, "querystring": {}, "headers": {}, "cookies": {}}
        });
        let event = Event::from_json(json.to_string().as_bytes()).unwrap();
        Invocation { event, store: None, now_ms: 0, seed: 1 }
    }

    fn function(number: usize) -> Function {
        with_body(number, "return event.request")
    }

    fn with_body(number: usize, body: &str) -> Function {
        let code = format!("function handler(event) {{ {body} }} // {number}");
        Function::prepare(code.as_bytes(), Runtime::Js2)
    }

    fn isolates(bytes_max: usize, usage: &Arc<Usage>) -> Isolates {
        Isolates::new(Limits::default(), WhenFull::Refuse, bytes_max, Arc::clone(usage))
    }

    /// What a pool does for an invocation. Says whether it gave a result.
    fn invoke(isolates: &mut Isolates, function: &Function) -> bool {
        let isolate = isolates.take(function.fingerprint());
        let mut isolate = isolate.unwrap_or_else(|| isolates.load(function));
        let outcome = isolate.invoke(&to("/"));
        isolate.refresh();
        isolates.keep(function.fingerprint(), isolate);
        outcome.result.is_ok()
    }

    /// The bytes of one function with an engine.
    fn one() -> usize {
        let mut isolates = isolates(usize::MAX, &Arc::default());
        invoke(&mut isolates, &function(0));
        isolates.stats().isolate_bytes
    }

    #[test]
    fn an_isolate_is_kept_until_it_was_idle_for_a_time() {
        let usage = Arc::new(Usage::default());
        let mut isolates = isolates(usize::MAX, &usage);
        invoke(&mut isolates, &function(0));

        isolates.drop_idle(IDLE);
        assert_eq!(usage.stats().isolates, 1);
        assert!(usage.stats().isolate_bytes > 0);
        isolates.drop_idle(Duration::ZERO);
        assert_eq!(usage.stats(), Stats::default());
    }

    /// docs/performance.md says what they are made of. This counts what the allocator gives, not what the engine asks for.
    #[test]
    fn loaded_functions_take_no_more_than_was_measured() {
        let (engine, functions) = (one(), 64);
        assert!(engine < 320_000, "{engine}");

        let mut isolates = isolates(usize::MAX, &Arc::default());
        for number in 0..functions {
            assert!(invoke(&mut isolates, &function(number)));
        }
        let bytes = isolates.stats().isolate_bytes / functions;
        assert!(bytes < 20_000, "{bytes} for each");
    }

    #[test]
    fn a_function_that_ends_its_engine_takes_it_from_no_other() {
        let mut isolates = isolates(usize::MAX, &Arc::default());
        let (good, other) = (function(0), function(1));
        assert!(invoke(&mut isolates, &good) && invoke(&mut isolates, &other));
        let shared = isolates.stats().isolate_bytes;
        let endless = with_body(2, "for (;;);");
        assert!(!invoke(&mut isolates, &endless) && !invoke(&mut isolates, &endless));
        assert!(isolates.stats().isolate_bytes > shared + 200_000, "it has an engine of its own");
        assert!(invoke(&mut isolates, &good) && invoke(&mut isolates, &other));
    }

    #[test]
    fn a_function_that_ends_an_engine_after_it_ran_well_shares_no_other() {
        let mut isolates = isolates(usize::MAX, &Arc::default());
        let (good, turns) =
            (function(0), with_body(1, "if (event.request.uri != '/') for (;;); return event.request"));
        assert!(invoke(&mut isolates, &good) && invoke(&mut isolates, &turns));
        let shared = isolates.stats().isolate_bytes;

        let mut isolate = isolates.take(turns.fingerprint()).unwrap();
        assert!(isolate.invoke(&to("/elsewhere")).result.is_err());
        isolate.refresh();
        isolates.keep(turns.fingerprint(), isolate);
        for _ in 0..2 {
            assert!(invoke(&mut isolates, &good) && invoke(&mut isolates, &turns));
        }
        assert!(isolates.stats().isolate_bytes > shared + 200_000, "it has an engine of its own");
    }

    #[test]
    fn errors_are_looked_up_in_the_program_that_runs() {
        let mut isolates = isolates(usize::MAX, &Arc::default());
        let calls = |number, name: &str| with_body(number, &format!("if (event.request.uri) event.{name}()"));
        let functions = [calls(0, "first"), calls(1, "second")];
        for _ in 0..2 {
            for (function, name) in functions.iter().zip(["first", "second"]) {
                let isolate = isolates.take(function.fingerprint());
                let mut isolate = isolate.unwrap_or_else(|| isolates.load(function));
                let failure = isolate.invoke(&to("/")).result.err().unwrap();
                assert!(format!("{failure:?}").contains(name), "{failure:?}");
                isolate.refresh();
                isolates.keep(function.fingerprint(), isolate);
            }
        }
    }

    #[test]
    fn a_thread_keeps_a_bounded_number_of_bytes_and_drops_what_was_unused_for_longest() {
        // They change what others would share, so each has an engine of its own.
        let functions: Vec<_> =
            (0..5).map(|number| with_body(number, "Array.own = 1; return event.request")).collect();
        let usage = Arc::new(Usage::default());
        let mut all = isolates(usize::MAX, &usage);
        invoke(&mut all, &functions[0]);
        let one = usage.stats().isolate_bytes;
        drop(all);

        let mut isolates = isolates(3 * one + one / 2, &usage);
        for function in &functions {
            invoke(&mut isolates, function);
        }
        invoke(&mut isolates, &functions[2]);
        let kept = |index: usize| isolates.kept.contains_key(&functions[index].fingerprint());
        assert_eq!([0, 1, 2, 3, 4].map(kept), [false, false, true, true, true]);
        assert_eq!(usage.stats().isolates, 3);
        drop(isolates);
        assert_eq!(usage.stats(), Stats::default());
    }

    #[test]
    fn the_isolate_that_was_used_last_is_kept_whatever_its_size() {
        let usage = Arc::new(Usage::default());
        let mut isolates = isolates(1, &usage);
        for number in 0..3 {
            invoke(&mut isolates, &function(number));
            assert_eq!(usage.stats().isolates, 1);
        }
    }
}
