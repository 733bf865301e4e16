//! `keyfront cfn list`.

use std::process::ExitCode;

use clap::Args;

use super::render;
use super::stack_files::StackFiles;
use crate::failure::Failure;
use crate::terminal::Output;

/// List the stacks of the project
#[derive(Args)]
pub(super) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "all commands are called alike")]
    pub(super) fn run(self, files: &StackFiles, output: Output) -> Result<ExitCode, Failure> {
        let stacks = files.all()?;
        let rows = || stacks.iter().map(render::row).collect::<Vec<_>>().join("\n");
        output.print(rows, || stacks.iter().map(render::stack_as_json).collect());
        Ok(ExitCode::SUCCESS)
    }
}
