//! Hostile functions in worker processes: natives of the engine, brought to the ends of memory, stack and time.
//!
//! Each program is a native, called in one of several ways. All pairs of both are a table that runs
//! as it stands; a random search fills the memory to other points and takes other sizes. No invocation may break
//! the engine, and after each the pool serves a neighbour. A worker that breaks does not fail the server; here it fails
//! the test, because the engine has a fault that code can reach.

#[path = "../../../../keyfront-functions/tests/it/hostile_natives/programs.rs"]
mod programs;

use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_functions::{Failure, Invoker, Limits, ProcessPool};

use crate::function_processes::{assert_well, invocation, limited_pool, pool, told};

/// Invocations of the random search if nothing asks for more. `cargo xtask test --long` asks for 40,000.
const INVOCATIONS: u64 = 2_000;

/// Processor time of an invocation of the random search. Most run until it is over; the memory is full, and a fault shows,
/// much earlier.
const TIME: Duration = Duration::from_millis(25);

/// Invocations that run at the same time.
const AT_A_TIME: usize = 8;

/// What can be chosen to look for more: the number of invocations, and the first seed.
#[expect(clippy::disallowed_methods, reason = "a person who runs this test by hand asks for more this way")]
fn chosen(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_native_in_every_way_costs_its_own_invocation_at_most() {
    let codes = programs::all();
    assert!(codes.len() >= 162, "{}", codes.len());
    check(&pool(2), codes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_random_search_under_pressure_of_memory_breaks_no_engine() {
    let first = chosen("KEYFRONT_HOSTILE_SEED", 1);
    let invocations = chosen("KEYFRONT_HOSTILE_INVOCATIONS", INVOCATIONS);
    let codes = (first..first + invocations).map(programs::random).collect();
    let limits = Limits { time: TIME, ..Limits::default() };
    check(&limited_pool(AT_A_TIME, limits), codes).await;
}

/// Runs programs, some at a time, and looks for engines that broke.
async fn check(pool: &ProcessPool, codes: Vec<String>) {
    let mut broken = Vec::new();
    for codes in codes.chunks(AT_A_TIME) {
        let running: Vec<_> = codes.iter().map(|code| run(pool, code)).collect();
        for (code, broke) in codes.iter().zip(crate::function_processes::futures_of(running).await) {
            if broke {
                broken.push(code.clone());
            }
        }
    }
    assert_well(pool, "all of them").await;
    assert!(broken.is_empty(), "{} broke the engine:\n{}", broken.len(), broken.join("\n"));
}

/// Runs a program. Says whether the engine broke.
async fn run(pool: &ProcessPool, code: &str) -> bool {
    let function =
        keyfront_functions::Function::new(code.as_bytes(), keyfront_domain::function::Runtime::Js2);
    let outcome = pool.invoke(AccountId::DEVELOPMENT, &function, invocation()).await.unwrap();
    assert_ne!(outcome.result, Err(Failure::Throttled), "{code}");
    let told = told(&outcome);
    assert!(!told.starts_with("SyntaxError: Token") && !told.starts_with("ReferenceError"), "{told}: {code}");
    told.starts_with("InternalError: the engine failed")
}
