//! Which lines of the functions the cases run.
//!
//! Each case runs once more with instrumented code, so that results, logs and times are those of the code itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keyfront_functions::case::Case;
use keyfront_functions::{Function, Limits};
use keyfront_njs::Instrumented;
use serde_json::{Value, json};

use super::super::sandbox::Sandbox;
use super::super::source_map::SourceMap;
use crate::failure::Failure;

/// Room for a line of the log for each statement of code of any size that runs.
const LOG_BYTES: usize = 1 << 20;

/// More steps than a case has, because the code tells of itself.
const MORE_STEPS: u64 = 20;

/// What cases ran of files.
#[derive(Default)]
pub(super) struct Coverage(BTreeMap<PathBuf, Lines>);

/// The lines of a file with statements, and those of them that ran.
#[derive(Default)]
struct Lines {
    all: BTreeSet<u32>,
    ran: BTreeSet<u32>,
}

/// The sandbox of instrumented code.
pub(super) fn sandbox() -> Sandbox {
    let limits = Limits::default();
    let steps = limits.steps.saturating_mul(MORE_STEPS);
    Sandbox::with(Limits { log_bytes: LOG_BYTES, steps, ..limits })
}

impl Coverage {
    /// Runs a case, and adds what it ran. Code that the runtime refuses has no lines.
    pub(super) async fn add(&mut self, sandbox: &Sandbox, code: &Path, case: &Case) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(case.code());
        let Ok(instrumented) = Instrumented::of(&text, case.runtime()) else { return Ok(()) };
        let function = Function::prepare(instrumented.code.as_bytes(), case.runtime());
        let outcome = sandbox.invoke(&function, case.invocation()).await?;
        let map = SourceMap::beside(code);
        let ran: BTreeSet<u32> = instrumented.ran(&outcome.logs).into_iter().collect();
        for line in instrumented.lines() {
            let (file, original) = original(code, map.as_ref(), line);
            let lines = self.0.entry(file).or_default();
            lines.all.insert(original);
            if ran.contains(&line) {
                lines.ran.insert(original);
            }
        }
        Ok(())
    }

    /// A line for each file.
    pub(super) fn table(&self) -> Vec<String> {
        let lines = self.0.iter().map(|(file, lines)| {
            let (ran, all) = (lines.ran.len(), lines.all.len());
            let percent = ran * 100 / all.max(1);
            let missed: Vec<String> = lines.all.difference(&lines.ran).map(u32::to_string).collect();
            let missed =
                if missed.is_empty() { String::new() } else { format!("  not run: {}", missed.join(", ")) };
            format!("covered {}  {ran} of {all} lines, {percent} %{missed}", file.display())
        });
        lines.collect()
    }

    pub(super) fn as_json(&self) -> Value {
        let files = self.0.iter().map(|(file, lines)| {
            json!({
                "File": file.display().to_string(),
                "Lines": lines.all.len(),
                "Covered": lines.ran.len(),
                "NotRun": lines.all.difference(&lines.ran).collect::<Vec<_>>(),
            })
        });
        Value::Array(files.collect())
    }
}

/// The file and the line that a line of code was built from; else the line itself.
fn original(code: &Path, map: Option<&SourceMap>, line: u32) -> (PathBuf, u32) {
    match map.and_then(|map| map.original(line)) {
        Some((file, original)) => (code.with_file_name(file), u32::try_from(original).unwrap_or(u32::MAX)),
        None => (code.to_owned(), line),
    }
}
