//! What an invocation of a function costs, beside the same function in `njs` and in miniflare's worker.
//!
//! The function rewrites a URL, sets two headers and reads one pair of a key value store with 10,000 pairs. Ours is
//! timed in process, invocation by invocation. njs and miniflare run it in a loop; what their processes cost to
//! start is taken off. A peer that is not installed is said so and left out.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]
#![expect(clippy::print_stdout, reason = "its only output is the terminal")]
#![expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]

mod border;
mod memory;
mod peers;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use keyfront_domain::function::Runtime;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::event::Event;
use keyfront_functions::{Function, Invocation, Isolate, Limits};

/// The function that every engine runs.
const REWRITE: &str = include_str!("rewrite.js");

/// The same without the store.
const NO_READ: &str = include_str!("no_read.js");

/// Reads the same pair a hundred times: what it costs more than [`REWRITE`], in ninety-nine parts, is one read.
const HUNDRED_READS: &str = include_str!("hundred_reads.js");

/// The event that every engine gets.
const EVENT: &str = include_str!("event.json");

/// Pairs in the store.
const PAIRS: usize = 10_000;

/// Invocations before the clock starts, and on it.
const WARM: usize = 2_000;
const TIMED: usize = 20_000;

/// The argument that makes this program a worker process.
const WORKER: &str = "function-worker";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(WORKER) {
        keyfront_functions::run_worker_process();
        return;
    }
    let invocation = invocation();
    let [rewrite, no_read, hundred] = [REWRITE, NO_READ, HUNDRED_READS].map(|code| sample(code, &invocation));
    println!("one core, {TIMED} invocations each, in µs");
    row("whole invocation: rewrite, two headers, one store read", &rewrite);
    row("the same without the store read", &no_read);
    let read = (median(&hundred) - median(&rewrite)) / 99.0;
    println!("{:60} p50 {read:>8.2}", "the store read itself, of a hundred in one invocation");
    border::report(&invocation);

    let threads = thread::available_parallelism().map_or(1, usize::from);
    let alone = rate(1, &invocation);
    let together = rate(threads, &invocation);
    println!(
        "{:60} {alone:>9.0} on 1, {together:.0} on {threads}: {:.2} times",
        "invocations a second by cores",
        together / alone
    );
    memory::report(&invocation);

    for (peer, cost) in [("njs", peers::njs()), ("miniflare", peers::miniflare())] {
        match cost {
            Ok(cost) => {
                let ratio = cost / median(&rewrite);
                println!(
                    "{:60} {cost:>12.2}, {ratio:.2} times ours",
                    format!("{peer}: the same function, mean")
                );
            }
            Err(reason) => println!("{peer} was not measured: {reason}"),
        }
    }
}

fn invocation() -> Invocation {
    let pairs: Vec<(String, String)> =
        (0..PAIRS).map(|n| (format!("/path/{n}"), format!("/to/{n}"))).collect();
    let store_pairs =
        StorePairs::empty(0, 0).with(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let store = Some(("54947df8-0e9e-4471-a2f9-9af509fb5889".to_owned(), Arc::new(store_pairs)));
    Invocation { event: Event::from_json(EVENT.as_bytes()).unwrap(), store, now_ms: 0, seed: 1 }
}

/// The times of invocations, in microseconds, in ascending order.
fn sample(code: &str, invocation: &Invocation) -> Vec<f64> {
    let function = Function::prepare(code.as_bytes(), Runtime::Js2);
    let mut isolate = Isolate::load(&function, Limits::default());
    let mut times = Vec::with_capacity(TIMED);
    for number in 0..WARM + TIMED {
        let began = Instant::now();
        let outcome = isolate.invoke(invocation);
        let time = began.elapsed();
        outcome.result.unwrap();
        if number >= WARM {
            times.push(time.as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    times
}

/// Invocations a second on so many threads, for a second.
fn rate(threads: usize, invocation: &Invocation) -> f64 {
    let function = Function::prepare(REWRITE.as_bytes(), Runtime::Js2);
    let began = Instant::now();
    let counts = thread::scope(|scope| {
        let work = || {
            let mut isolate = Isolate::load(&function, Limits::default());
            let mut count = 0_u32;
            while began.elapsed() < Duration::from_secs(1) {
                isolate.invoke(invocation).result.unwrap();
                count += 1;
            }
            count
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u32>()
    });
    f64::from(counts) / began.elapsed().as_secs_f64()
}

fn median(times: &[f64]) -> f64 {
    percentile(times, 50)
}

fn percentile(times: &[f64], percent: usize) -> f64 {
    times.get(times.len() * percent / 100).copied().unwrap_or_default()
}

fn row(what: &str, times: &[f64]) {
    println!("{what:60} p50 {:>8.2}  p99 {:>8.2}", median(times), percentile(times, 99));
}
