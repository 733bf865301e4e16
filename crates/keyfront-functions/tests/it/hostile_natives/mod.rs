//! Hostile programs in this process, for a build of the engine that notices wrong memory accesses.
//!
//! `cargo xtask test --only sanitize` compiles the engine with AddressSanitizer and runs these tests, which are ignored
//! otherwise: worker processes run the same programs in the tests of the binary, and without a sanitizer a fault here
//! would only end the test. A report of the sanitizer ends the process at once, so the program that runs stands in a
//! file, [`running`].

mod programs;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use keyfront_functions::{Isolate, Limits};

use crate::harness::{invocation, passing, prepare, told};

/// Invocations of the random search if nothing asks for more.
const INVOCATIONS: u64 = 2_000;

/// Faults of memory show early; what goes on after that costs time. An invocation may end by its time here.
const TIME: Duration = Duration::from_millis(100);

#[expect(clippy::disallowed_methods, reason = "a person who runs this test by hand asks for more this way")]
fn chosen(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Where the program of a test stands while it runs.
fn running(test: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.js"))
}

/// Runs programs one after the other, and a neighbour at the end.
fn run(test: &str, codes: impl IntoIterator<Item = String>) {
    let limits = Limits { time: TIME, ..Limits::default() };
    for code in codes {
        fs::write(running(test), &code).unwrap();
        let outcome = Isolate::load(&prepare(&code), limits).invoke(&invocation());
        let told = told(&outcome);
        assert!(
            !told.starts_with("SyntaxError: Token") && !told.starts_with("ReferenceError"),
            "{told}: {code}"
        );
    }
    let mut neighbour = Isolate::load(&passing("event.request.uri = '/well'"), limits);
    assert_eq!(told(&neighbour.invoke(&invocation())), "/well");
    fs::remove_file(running(test)).unwrap();
}

#[test]
#[ignore = "says nothing without AddressSanitizer: `cargo xtask test --only sanitize`"]
fn every_native_in_every_way_accesses_only_its_memory() {
    run("every-native", programs::all());
}

#[test]
#[ignore = "says nothing without AddressSanitizer: `cargo xtask test --only sanitize`"]
fn a_random_search_under_pressure_of_memory_finds_no_wrong_access() {
    let first = chosen("KEYFRONT_HOSTILE_SEED", 1);
    let invocations = chosen("KEYFRONT_HOSTILE_INVOCATIONS", INVOCATIONS);
    run("random-search", (first..first + invocations).map(programs::random));
}
