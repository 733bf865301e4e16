//! `keyfront cfn`: stacks of CloudFormation's resource types `AWS::CloudFront::*`.

mod api;
mod delete;
mod deploy;
mod describe;
mod execution;
mod list;
mod name;
mod render;
mod source;
mod stack_files;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::stack_files::StackFiles;
use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Deploy CloudFormation templates with CloudFront's resource types, and what `cdk synth` writes
///
/// Resources of the types AWS::CloudFront::* are made, changed and deleted through the API of a Keyfront server, or of
/// AWS. Resources of other services are listed and passed over; values that templates take from them are given by
/// hand. What a stack has is remembered in a file of the project.
#[derive(Args)]
pub(super) struct Cfn {
    #[command(flatten)]
    service: ServiceArguments,
    /// The folder with a file for each stack, which belongs to the project
    #[arg(long, value_name = "FOLDER", default_value = ".keyfront/cfn", global = true)]
    state_folder: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Deploy(Box<deploy::Deploy>),
    Delete(delete::Delete),
    List(list::List),
    Describe(describe::Describe),
}

impl Cfn {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Cfn { service, state_folder, command } = self;
        let files = StackFiles::new(state_folder);
        runtime::single_threaded()?.block_on(async {
            match command {
                Command::Deploy(deploy) => deploy.run(&service, &files, output).await,
                Command::Delete(delete) => delete.run(&service, &files, output).await,
                Command::List(list) => list.run(&files, output),
                Command::Describe(describe) => describe.run(&files, output),
            }
        })
    }
}
