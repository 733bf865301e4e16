//! `keyfront operations`: lists the operations of the AWS APIs, and what becomes of what they are asked for.

use std::process::ExitCode;

use clap::Args;
use keyfront_api::control::{self, Effect};
use keyfront_api::registry::{Registry, RegistryError};
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::{Output, print};

/// List the AWS operations, and for each whether what it asks for is done here or only kept
///
/// Every operation is answered as AWS answers it. `exact` says that what it asks for is done, `configuration only` that
/// it is kept, checked, referred to and shown, and that nothing here acts on it.
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
        let lines = lines.iter().filter(|line| line.effect.is_some() || !self.implemented);
        if self.markdown {
            print(markdown(lines).trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        let width = Effect::ConfigurationOnly.as_str().len();
        let words = |line: &Line| format!("{:width$}  {}:{}", line.state(), line.service, line.operation);
        let object = |line: &Line| {
            json!({
                "Service": line.service,
                "Operation": line.operation,
                "Implemented": line.effect.is_some(),
                "Effect": line.effect.map(Effect::as_str),
            })
        };
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
    /// Nothing where Keyfront has not got it.
    effect: Option<Effect>,
}

impl Line {
    fn state(&self) -> &'static str {
        self.effect.map_or("501", Effect::as_str)
    }
}

fn lines() -> Result<Vec<Line>, RegistryError> {
    let registry = Registry::new()?;
    let control = registry.control.operations().map(|(operation, _)| Line {
        service: registry.control.service.signing_name,
        operation: operation.name,
        effect: control::effect(operation.name),
    });
    let data = registry.data.operations().map(|(operation, handler)| Line {
        service: registry.data.service.signing_name,
        operation: operation.name,
        effect: handler.map(|_| Effect::Exact),
    });
    Ok(control.chain(data).collect())
}

fn markdown<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let rows = lines.map(|line| format!("| `{}:{}` | {} |\n", line.service, line.operation, line.state()));
    format!("| operation | effect |\n|---|---|\n{}", rows.collect::<String>())
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
