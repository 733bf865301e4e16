//! Generated programs in the sandbox and in njs: both must say the same.
//!
//! A program is many small functions. Each gives a value or throws, and what it gave is written down by code that
//! runs in the engine, and by the engine's `console.log`. Only the names of errors are compared, not their texts,
//! which the corpus has.

mod calls;
mod dice;
mod grammar;
mod known;
mod values;

use keyfront_functions::case::NOW_MS;
use serde_json::json;

use self::dice::Dice;
use self::known::KNOWN;
use crate::corpus::Seen;
use crate::{oracle, sandbox};

/// How many programs run if nobody asks for more.
const PROGRAMS: u64 = 100;

/// How many functions a program has.
const SUBJECTS: usize = 60;

/// How many differences are shown.
const SHOWN: usize = 40;

/// An event that the programs do not look at.
const EVENT: &str = r#"{
    "version": "1.0", "context": {"eventType": "viewer-request"}, "viewer": {"ip": "198.51.100.11"},
    "request": {"method": "GET", "uri": "/", "querystring": {}, "headers": {}, "cookies": {}}
}"#;

/// What runs, and where it begins, can be chosen to look for more: the number of programs, and the first seed.
#[expect(clippy::disallowed_methods, reason = "a person who runs this test by hand asks for more this way")]
fn chosen(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn generated_programs_say_in_the_sandbox_what_they_say_in_njs() {
    let first = chosen("KEYFRONT_GENERATED_SEED", 1);
    let programs = chosen("KEYFRONT_GENERATED_PROGRAMS", PROGRAMS);
    let mut differences = Vec::new();
    for seed in first..first + programs {
        let mut dice = Dice::from_seed(seed);
        let subjects: Vec<String> = (0..SUBJECTS).map(|_| grammar::subject(&mut dice)).collect();
        differences
            .extend(compare(&subjects).into_iter().map(|difference| format!("seed {seed}: {difference}")));
    }
    let shown = differences.len().min(SHOWN);
    assert!(
        differences.is_empty(),
        "{} of {} functions differ, the first {shown} of them:\n{}",
        differences.len(),
        programs * u64::try_from(SUBJECTS).unwrap(),
        differences[..shown].join("\n")
    );
}

/// Every function that says one thing in njs and another in the sandbox.
fn compare(subjects: &[String]) -> Vec<String> {
    let lines: Vec<String> = subjects.iter().map(|subject| format!("subjects.push({subject});")).collect();
    let program = include_str!("frame.js").replace("/* SUBJECTS */", &lines.join("\n"));
    let now_ms = NOW_MS;
    let njs = oracle::run(&program, EVENT, now_ms, &json!({}));
    let ours = sandbox::run(&program, EVENT, now_ms);
    let (njs_said, ours_said) = match (said(&njs, subjects.len()), said(&ours, subjects.len())) {
        (Ok(njs), Ok(ours)) => (njs, ours),
        (Err(njs), Err(ours)) if njs == ours => return Vec::new(),
        (njs, ours) => {
            return vec![format!(
                "the program as a whole\n  njs     {:?}\n  sandbox {:?}",
                njs.err(),
                ours.err()
            )];
        }
    };
    let mut differences = Vec::new();
    for (subject, (njs, ours)) in subjects.iter().zip(njs_said.iter().zip(&ours_said)) {
        let is_known = || KNOWN.iter().any(|known| (known.is)(subject, njs, ours));
        if njs != ours && !is_known() {
            differences.push(format!("{subject}\n  njs     {njs}\n  sandbox {ours}"));
        }
    }
    differences
}

/// What each function said, and what was logged of it; or what the program as a whole did instead.
fn said(seen: &Seen, subjects: usize) -> Result<Vec<String>, String> {
    let output = seen.result.as_ref().map_err(|told| format!("{told:?}"))?;
    let body = output["response"]["body"]["data"].as_str().ok_or_else(|| format!("no body: {output}"))?;
    let lines: Vec<&str> = body.split('\n').collect();
    if lines.len() != subjects || seen.logs.len() != subjects {
        return Err(format!("{} lines and {} logs of {subjects} functions", lines.len(), seen.logs.len()));
    }
    Ok(lines.iter().zip(&seen.logs).map(|(line, log)| format!("{line}   logged {log}")).collect())
}

#[test]
fn a_seed_gives_the_same_program_again() {
    let program = |seed| {
        let mut dice = Dice::from_seed(seed);
        (0..SUBJECTS).map(|_| grammar::subject(&mut dice)).collect::<Vec<_>>()
    };
    assert_eq!(program(7), program(7));
    assert_ne!(program(7), program(8));
}

#[test]
fn every_known_difference_has_a_reason() {
    assert!(KNOWN.iter().all(|known| known.reason.split_whitespace().count() > 5));
}
