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
use self::known::{Example, KNOWN, Known};
use crate::corpus::Seen;
use crate::{oracle, sandbox};

/// How many programs run by default.
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

/// Every function that says one thing in njs and another in the sandbox, and is not known to.
fn compare(subjects: &[String]) -> Vec<String> {
    let (njs_said, ours_said) = match run(subjects) {
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

/// What an engine said of each function; or what it did with the program as a whole instead.
type Said = Result<Vec<String>, String>;

/// What njs and the sandbox say of functions in one program.
fn run(subjects: &[String]) -> (Said, Said) {
    let lines: Vec<String> = subjects.iter().map(|subject| format!("subjects.push({subject});")).collect();
    let program = include_str!("frame.js").replace("/* SUBJECTS */", &lines.join("\n"));
    let njs = oracle::run(&program, EVENT, NOW_MS, &json!({}));
    let ours = sandbox::run(&program, EVENT, NOW_MS);
    (said(&njs, subjects.len()), said(&ours, subjects.len()))
}

/// What each function said, and what was logged of it.
fn said(seen: &Seen, subjects: usize) -> Said {
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
fn every_known_difference_is_as_it_is_known() {
    let examples: Vec<(&Known, &Example)> =
        KNOWN.iter().flat_map(|known| known.examples.iter().map(move |example| (known, example))).collect();
    let subjects: Vec<String> = examples.iter().map(|(_, example)| example.code.to_owned()).collect();
    let (njs, ours) = run(&subjects);
    let (njs, ours) = (njs.unwrap(), ours.unwrap());
    let mut changed = Vec::new();
    for ((known, example), (njs, ours)) in examples.iter().zip(njs.iter().zip(&ours)) {
        let as_it_was = (example.njs, example.sandbox) == (njs.as_str(), ours.as_str());
        if !as_it_was || !(known.is)(example.code, njs, ours) {
            changed.push(format!("{}\n  njs     {njs:?}\n  sandbox {ours:?}", example.code));
        }
    }
    assert!(changed.is_empty(), "these are not known as they are:\n{}", changed.join("\n"));
}

#[test]
fn every_known_difference_has_a_reason_and_an_example() {
    for known in KNOWN {
        assert!(known.reason.split_whitespace().count() > 5, "{}", known.reason);
        assert!(!known.examples.is_empty(), "{}", known.reason);
    }
}
