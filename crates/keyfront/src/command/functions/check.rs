//! `keyfront fn check`: what CloudFront would refuse, and how to write it instead.

use std::process::ExitCode;

use clap::Args;
use keyfront_njs::{Finding, Severity, lint};
use serde_json::{Value, json};

use super::source::Source;
use crate::failure::Failure;
use crate::terminal::{Output, count};

/// Find what CloudFront would refuse in a function, and show where and how to write it instead
///
/// CloudFront accepts any code when a function is created, and answers every request with 503 when the code cannot
/// run. This command finds it before. Code that will only
/// fail when it runs is a warning.
#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    source: Source,
}

impl Check {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let file = self.source.file.display().to_string();
        let bytes = self.source.read()?;
        let code = String::from_utf8(bytes)
            .map_err(|error| Failure::because(format!("{file} is not UTF-8 text"), &error))?;
        let findings = lint(&code, self.source.runtime.get());
        let refused = findings.iter().filter(|finding| finding.severity == Severity::Refused).count();
        output.print(|| text(&file, &findings), || Value::Array(findings.iter().map(as_json).collect()));
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn text(file: &str, findings: &[Finding]) -> String {
    if findings.is_empty() {
        return format!("{file}: nothing that CloudFront would refuse");
    }
    let lines = findings.iter().map(|finding| {
        let Finding { line, column, message, instead, .. } = finding;
        let word = word(finding.severity);
        let instead = instead.as_ref().map_or_else(String::new, |instead| format!("\n    {instead}"));
        format!("{file}:{line}:{column}: {word}: {message}{instead}")
    });
    let total = u64::try_from(findings.len()).unwrap_or(u64::MAX);
    format!("{}\n{}", lines.collect::<Vec<_>>().join("\n"), count(total, "finding"))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Refused => "refused",
        Severity::FailsWhenItRuns => "fails when it runs",
    }
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "Line": finding.line,
        "Column": finding.column,
        "Severity": word(finding.severity),
        "Message": finding.message,
        "Instead": finding.instead,
    })
}
