//! `keyfront cfn describe`.

use std::process::ExitCode;

use clap::Args;

use super::stack_files::StackFiles;
use super::{name, render};
use crate::failure::Failure;
use crate::terminal::Output;

/// Show the resources and outputs of a stack
#[derive(Args)]
pub(super) struct Describe {
    /// The stack's name
    #[arg(value_parser = name::parser())]
    stack_name: String,
}

impl Describe {
    pub(super) fn run(self, files: &StackFiles, output: Output) -> Result<ExitCode, Failure> {
        let stack = files.require(&self.stack_name)?;
        output.print(|| render::described(&stack), || render::stack_as_json(&stack));
        Ok(ExitCode::SUCCESS)
    }
}
