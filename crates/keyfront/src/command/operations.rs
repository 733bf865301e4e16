//! `keyfront operations`: lists the operations of the AWS APIs and which of them this program has.

use std::process::ExitCode;

use clap::Args;
use keyfront_api::registry::{Registry, RegistryError};
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::{Output, print};

/// List the AWS operations and whether Keyfront has them
#[derive(Args)]
pub(super) struct Operations {
    /// Only those that Keyfront has
    #[arg(long)]
    implemented: bool,
    /// As a table for a Markdown document
    #[arg(long)]
    markdown: bool,
}

impl Operations {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let lines = lines().map_err(|error| Failure::because("the service models", &error))?;
        let lines = lines.iter().filter(|line| line.implemented || !self.implemented);
        if self.markdown {
            print(markdown(lines).trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        let words = |line: &Line| format!("{}  {}:{}", line.state(), line.service, line.operation);
        let object = |line: &Line| json!({ "Service": line.service, "Operation": line.operation, "Implemented": line.implemented });
        output.print(
            || lines.clone().map(words).collect::<Vec<_>>().join("\n"),
            || lines.clone().map(object).collect(),
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// An operation of the models.
struct Line {
    service: &'static str,
    operation: &'static str,
    implemented: bool,
}

impl Line {
    fn state(&self) -> &'static str {
        if self.implemented { "yes" } else { "501" }
    }
}

fn lines() -> Result<Vec<Line>, RegistryError> {
    let registry = Registry::new()?;
    let lines = [&registry.control, &registry.data].into_iter().flat_map(|registered| {
        registered.operations().map(|(operation, handler)| Line {
            service: registered.service.signing_name,
            operation: operation.name,
            implemented: handler.is_some(),
        })
    });
    Ok(lines.collect())
}

fn markdown<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let rows = lines.map(|line| format!("| `{}:{}` | {} |\n", line.service, line.operation, line.state()));
    format!("| operation | implemented |\n|---|---|\n{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compatibility_document_is_written_from_the_table() {
        let document = include_str!("../../../../docs/compatibility.md");
        let table = markdown(lines().unwrap().iter());
        let advice = "write it again: keyfront operations --markdown";
        assert!(
            document.contains(&table),
            "docs/compatibility.md does not hold the table of operations; {advice}"
        );
    }
}
