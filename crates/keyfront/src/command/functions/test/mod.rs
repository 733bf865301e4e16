//! `keyfront fn test`: runs the cases of a folder.

mod cases;
mod coverage;
mod junit;
mod result;
mod update;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::sandbox::Sandbox;
use super::stack::stack;
use crate::failure::Failure;
use crate::terminal::{Output, count};
use cases::FoundCase;
use coverage::Coverage;
use result::CaseResult;

/// Run the cases of a folder: functions, events and what is expected of them
///
/// A case is a folder with function.js, event.json and expected.json. function.js may also stand in a folder above
/// it, so that one function has many cases.
///
/// A case fails when TestFunction would answer otherwise than expected, and when an edge would refuse the result.
#[derive(Args)]
pub(super) struct Test {
    /// The folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Write the results as JUnit XML too, for CI
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write what each function does now into its expected.json, where that is missing or says something else
    #[arg(long, conflicts_with = "repeat")]
    update: bool,
    /// Run each case so many times; it passes if all of them do
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    repeat: u32,
    /// Show which lines of the functions the cases run
    #[arg(long)]
    coverage: bool,
}

impl Test {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let found = cases::find(&self.folder, self.update)?;
        let (coverage, tested) = self.run_cases(found).await?;
        if let Some(file) = &self.junit {
            junit::write(file, &tested)?;
        }
        let cases = || Value::Array(tested.iter().map(as_json).collect());
        output.print(
            || coverage.table().into_iter().chain([table(&tested)]).collect::<Vec<_>>().join("\n"),
            || {
                if self.coverage {
                    json!({ "Cases": cases(), "Coverage": coverage.as_json() })
                } else {
                    cases()
                }
            },
        );
        let passed = tested.iter().all(|tested| tested.wrong.is_empty());
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn run_cases(&self, found: Vec<FoundCase>) -> Result<(Coverage, Vec<CaseResult>), Failure> {
        let mut coverage = Coverage::default();
        if self.coverage {
            let sandbox = coverage::sandbox();
            for case in &found {
                if let (Ok(read), Some(code)) = (&case.case, &case.code) {
                    coverage.add(&sandbox, code, read).await?;
                }
            }
        }
        let (sandbox, mut tested) = (Sandbox::new(), Vec::new());
        for case in found {
            tested.push(self.test(&sandbox, case).await?);
        }
        Ok((coverage, tested))
    }

    async fn test(&self, sandbox: &Sandbox, found: FoundCase) -> Result<CaseResult, Failure> {
        let FoundCase { name, folder, code, case } = found;
        let mut result = CaseResult { name, wrong: Vec::new(), time_ns: 0, share: 0, updated: false };
        let case = match case {
            Ok(case) => case,
            Err(failure) => {
                result.wrong.push(failure.to_string());
                return Ok(result);
            }
        };
        let function = case.function();
        for _ in 0..self.repeat {
            let outcome = sandbox.invoke(&function, case.invocation()).await?;
            result.time_ns = result.time_ns.max(outcome.used.time_ns);
            result.share = result.share.max(outcome.used.share);
            if self.update {
                match update::write(&folder, &case, &outcome) {
                    Ok(updated) => result.updated = updated,
                    Err(failure) => result.wrong.push(failure.to_string()),
                }
                continue;
            }
            result.wrong = case.differences(&outcome);
            result.wrong.extend(case.edge_difference(&outcome));
            if !result.wrong.is_empty() {
                let calls = code.as_deref().map(|code| stack(&outcome, code)).unwrap_or_default();
                result.wrong.extend(calls.iter().map(|call| format!("    at {call}")));
                break;
            }
        }
        Ok(result)
    }
}

fn table(tested: &[CaseResult]) -> String {
    let width = tested.iter().map(|tested| tested.name.chars().count()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for CaseResult { name, wrong, time_ns, share, updated } in tested {
        let word = match (wrong.is_empty(), updated) {
            (true, true) => "updated",
            (true, false) => "passed",
            (false, _) => "FAILED",
        };
        lines.push(format!("{word:6}  {name:width$}  {:>7} µs  {share:>3} %", time_ns / 1_000));
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
        "Updated": tested.updated,
        "Differences": tested.wrong,
        "TimeNs": tested.time_ns,
        "ComputeUtilization": tested.share,
    })
}
