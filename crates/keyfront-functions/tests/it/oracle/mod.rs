//! The command line njs as the oracle: version 0.7.9, which is nearest to the engine of runtime 2.0.
//!
//! A function's code runs as it is, with a harness before it on its first line that fixes the time, takes away what
//! CloudFront takes away, and calls the handler. njs has no budget and no memory limit, and a promise that never
//! settles ends it without a word; cases of that kind have no oracle.

mod normal;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use keyfront_functions::case::{STORE_CHANGED_MS, STORE_CREATED_MS};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::corpus::{Case, Seen, Told};

/// The version whose answers the corpus holds.
const VERSION: &str = "0.7.9";

/// Stands before each text that the code logs.
const LOG: &str = "\u{1}log\n";

/// Stands before what came of the handler.
const OUTCOME: &str = "\u{2}outcome ";

/// What njs makes of a case.
pub(crate) fn run_case(case: &Case) -> Seen {
    let store = case.read.expected().store.clone().unwrap_or_default();
    run(&case.code, &case.event, case.read.invocation().now_ms, &json!(store))
}

/// What njs makes of code that gets an event; `pairs` are those of the store.
pub(crate) fn run(code: &str, event: &str, now_ms: i64, pairs: &Value) -> Seen {
    let harness: String =
        include_str!("harness.js").lines().map(str::trim_start).collect::<Vec<_>>().join(" ");
    let (created, modified) = (STORE_CREATED_MS, STORE_CHANGED_MS);
    // The event goes in as its text, so that its members keep their order.
    let scene = literal(&format!(
        r#"{{"event":{event},"now":{now_ms},"created":{created},"modified":{modified},"pairs":{pairs}}}"#
    ));
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("cloudfront"), include_str!("cloudfront.js")).unwrap();
    let script = folder.path().join("function.js");
    fs::write(&script, format!("{harness}(globalThis, JSON.parse({scene}));{code}")).unwrap();
    let output = njs(&["-u", "-p"], &[folder.path(), &script]);
    read(&output, &script, &serde_json::from_str(event).unwrap())
}

/// Runs njs with limits of its own: it has none, and a generated program may well ask for all the memory there is.
fn njs(flags: &[&str], paths: &[&Path]) -> Output {
    let limited = "command -v njs > /dev/null || exit 127; ulimit -v 1000000; ulimit -t 20; exec njs \"$@\"";
    let output = Command::new("sh").args(["-c", limited, "sh"]).args(flags).args(paths).output().unwrap();
    assert_ne!(
        output.status.code(),
        Some(127),
        "the command njs is missing, and without it nothing tells whether the corpus is true: apt-get install njs"
    );
    output
}

/// A literal of JavaScript in ASCII.
fn literal(text: &str) -> String {
    let mut literal = String::from("'");
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(plain @ (' '..='&' | '('..='[' | ']'..='~')) => literal.push(plain),
            _ => literal.push_str(&format!("\\u{unit:04x}")),
        }
    }
    literal.push('\'');
    literal
}

fn read(output: &Output, script: &Path, event: &Value) -> Seen {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    let (logged, outcome) = match out.split_once(OUTCOME) {
        Some((logged, outcome)) => (logged, Some(outcome)),
        None => (&*out, None),
    };
    let logs = logged.split(LOG).skip(1).map(|line| line.strip_suffix('\n').unwrap_or(line).to_owned());
    let result = match (err.strip_prefix("Thrown:\n"), outcome) {
        (Some(thrown), _) => Err(Told::Execution(thrown_text(thrown, script))),
        (None, Some(outcome)) => {
            let outcome: Value = serde_json::from_str(outcome).unwrap();
            match outcome["failure"].as_str() {
                Some(failure) => Err(Told::Execution(failure.to_owned())),
                None => normal::output(event, &outcome["value"]).map_err(Told::Validation),
            }
        }
        (None, None) => Err(Told::Execution(format!("njs ended without a word, {}: {err}", output.status))),
    };
    Seen { result, logs: logs.collect() }
}

/// The text of what njs tells about an exception: without the stack, and with lines that have no file.
fn thrown_text(told: &str, script: &Path) -> String {
    let text = told.split_once("\n    at ").map_or(told, |(text, _)| text);
    text.trim_end().replace(&format!(" in {}:", script.display()), " in ")
}

#[test]
fn njs_has_the_version_that_the_corpus_was_made_with() {
    let version = String::from_utf8(njs(&["-v"], &[]).stdout).unwrap();
    assert_eq!(version.trim(), VERSION, "other versions of njs say other things");
}
