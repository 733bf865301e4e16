//! `keyfront cfn delete`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use keyfront_cfn::resource_type::ResourceTypes;
use serde_json::json;

use super::api::Api;
use super::execution::Execution;
use super::stack_files::StackFiles;
use super::{deploy, name, render};
use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::terminal::{Output, confirmed, tell};

/// Delete the resources of a stack, and forget the stack
///
/// Resources with the deletion policy Retain stay. Distributions that are enabled are disabled first.
#[derive(Args)]
pub(super) struct Delete {
    /// The stack's name
    #[arg(value_parser = name::parser())]
    stack_name: String,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// How long a resource may take until it is disabled, such as 90s or 20m
    #[arg(long, value_name = "DURATION", default_value = "35m", value_parser = humantime::parse_duration)]
    timeout: Duration,
}

const UNASKED: &str = "nothing was deleted: there is no terminal to ask at; add --yes to delete";

impl Delete {
    pub(super) async fn run(
        self,
        service: &ServiceArguments,
        files: &StackFiles,
        output: Output,
    ) -> Result<ExitCode, Failure> {
        let name = &self.stack_name;
        files.require(name)?;
        let types = ResourceTypes::new()
            .map_err(|error| Failure::because("the resource types cannot be read", &error))?;
        let client = service.client().await?;
        let api = Api::new(&client)?;
        let locked = files.lock(name)?;
        let Some(stack) = locked.stack.clone() else {
            return Err(Failure::new(format!("the stack {name} was deleted meanwhile")));
        };
        let stack = deploy::at(stack, client.endpoint(), &files.shown(name))?;
        if !self.yes {
            tell(render::resources(&stack));
            if !confirmed("Delete all of this?", UNASKED)? {
                return Err(Failure::new("nothing was deleted"));
            }
        }
        let mut execution = Execution::new(&api, &types, &locked, stack, self.timeout, output);
        execution.delete_all().await?;
        output.print(|| format!("deleted the stack {name}"), || json!({ "Deleted": name }));
        Ok(ExitCode::SUCCESS)
    }
}
