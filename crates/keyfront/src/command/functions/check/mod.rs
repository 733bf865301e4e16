//! `keyfront fn check`: what CloudFront would refuse, and how to write it instead.

mod files;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_njs::{Finding, Severity, lint};
use serde_json::{Value, json};

use super::file;
use super::source::RuntimeChoice;
use crate::failure::Failure;
use crate::terminal::{Output, count};

/// Find what CloudFront would refuse in functions, and show where and how to write it instead
///
/// CloudFront accepts any code when a function is created, and answers every request with 503 when the code cannot
/// run. This command finds it before, with all that fails when it runs, and what AWS's documentation warns of.
///
/// Exit code 1 if code was refused; with --strict, if there was any finding.
#[derive(Args)]
pub(super) struct Check {
    /// Files with a function's code each, and folders of which every .js, .mjs, .cjs and .ts file is checked
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    runtime: RuntimeChoice,
    /// Fail on every finding, and not only on code that CloudFront refuses
    #[arg(long)]
    strict: bool,
}

/// A file, and what was found in it.
struct Checked {
    file: String,
    findings: Vec<Finding>,
}

impl Check {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let files = files::find(&self.files)?;
        let checked = files.iter().map(|file| self.check(file)).collect::<Result<Vec<_>, _>>()?;
        let counts = |finding: &&Finding| self.strict || finding.severity == Severity::Refused;
        let failed = checked.iter().flat_map(|checked| &checked.findings).filter(counts).count();
        output.print(|| text(&checked), || Value::Array(checked.iter().flat_map(as_json).collect()));
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn check(&self, path: &Path) -> Result<Checked, Failure> {
        let file = path.display().to_string();
        let code = String::from_utf8(file::read(path, "code")?)
            .map_err(|error| Failure::because(format!("{file} is not UTF-8 text"), &error))?;
        Ok(Checked { file, findings: lint(&code, self.runtime.get()) })
    }
}

fn text(checked: &[Checked]) -> String {
    let mut lines: Vec<String> = checked.iter().map(of_file).collect();
    let findings: usize = checked.iter().map(|checked| checked.findings.len()).sum();
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    if checked.len() > 1 {
        let with = checked.iter().filter(|checked| !checked.findings.is_empty()).count();
        let all = count(number(checked.len()), "file");
        lines.push(format!("{} in {with} of {all}", count(number(findings), "finding")));
    } else if findings > 0 {
        lines.push(count(number(findings), "finding"));
    }
    lines.join("\n")
}

fn of_file(Checked { file, findings }: &Checked) -> String {
    if findings.is_empty() {
        return format!("{file}: nothing that CloudFront would refuse");
    }
    let lines = findings.iter().map(|finding| {
        let Finding { line, column, message, instead, .. } = finding;
        let word = word(finding.severity);
        let instead = instead.as_ref().map_or_else(String::new, |instead| format!("\n    {instead}"));
        format!("{file}:{line}:{column}: {word}: {message}{instead}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Refused => "refused",
        Severity::FailsWhenItRuns => "fails when it runs",
        Severity::Warning => "warning",
    }
}

fn as_json(Checked { file, findings }: &Checked) -> Vec<Value> {
    let one = |finding: &Finding| {
        json!({
            "File": file,
            "Line": finding.line,
            "Column": finding.column,
            "Severity": word(finding.severity),
            "Message": finding.message,
            "Instead": finding.instead,
        })
    };
    findings.iter().map(one).collect()
}
