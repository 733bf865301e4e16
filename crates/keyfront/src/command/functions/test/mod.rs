//! `keyfront fn test`: runs the cases of a folder.

mod cases;
mod junit;
mod result;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_functions::{Isolate, Limits};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::terminal::{Output, count};
use cases::FoundCase;
use result::CaseResult;

/// Run the cases of a folder: functions, events and what is expected of them
///
/// A case is a folder with function.js, event.json and expected.json. function.js may also stand in a folder above
/// it, so that one function has many cases.
#[derive(Args)]
pub(super) struct Test {
    /// The folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Write the results as JUnit XML too, for CI
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Test {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let tested: Vec<CaseResult> = cases::find(&self.folder)?.into_iter().map(test).collect();
        if let Some(file) = &self.junit {
            junit::write(file, &tested)?;
        }
        output.print(|| table(&tested), || Value::Array(tested.iter().map(as_json).collect()));
        let passed = tested.iter().all(|tested| tested.wrong.is_empty());
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn test(found: FoundCase) -> CaseResult {
    let FoundCase { name, case } = found;
    match case {
        Err(failure) => CaseResult { name, wrong: vec![failure.to_string()], time_ns: 0, share: 0 },
        Ok(case) => {
            let mut isolate = Isolate::load(&case.function(), Limits::default());
            let outcome = isolate.invoke(&case.invocation());
            let wrong = case.differences(&outcome);
            CaseResult { name, wrong, time_ns: outcome.used.time_ns, share: outcome.used.share }
        }
    }
}

fn table(tested: &[CaseResult]) -> String {
    let width = tested.iter().map(|tested| tested.name.chars().count()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for CaseResult { name, wrong, time_ns, share } in tested {
        let word = if wrong.is_empty() { "passed" } else { "FAILED" };
        lines.push(format!("{word}  {name:width$}  {:>7} µs  {share:>3} %", time_ns / 1_000));
        lines.extend(wrong.iter().flat_map(|wrong| wrong.lines()).map(|line| format!("        {line}")));
    }
    let failed = tested.iter().filter(|tested| !tested.wrong.is_empty()).count();
    let all = count(u64::try_from(tested.len()).unwrap_or(u64::MAX), "case");
    lines.push(format!("{all}: {} passed, {failed} failed", tested.len() - failed));
    lines.join("\n")
}

fn as_json(tested: &CaseResult) -> Value {
    json!({
        "Name": tested.name,
        "Passed": tested.wrong.is_empty(),
        "Differences": tested.wrong,
        "TimeNs": tested.time_ns,
        "ComputeUtilization": tested.share,
    })
}
