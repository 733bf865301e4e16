//! `keyfront operations`: what this program implements of the AWS APIs.

use std::process::ExitCode;

use clap::Args;
use keyfront_api::{control, data};
use keyfront_wire::Service;

use super::print;
use crate::failure::Failure;

/// List the AWS operations and whether Keyfront has them
#[derive(Args)]
pub(super) struct Operations {
    /// Only those that Keyfront has
    #[arg(long)]
    implemented: bool,
}

impl Operations {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let broken = |error| Failure::because("the service models", &error);
        let planes = [
            (Service::cloudfront().map_err(broken)?, control::OPERATIONS),
            (Service::key_value_store().map_err(broken)?, data::OPERATIONS),
        ];
        for (service, entries) in planes {
            for operation in service.operations() {
                let implemented = entries.iter().any(|entry| entry.name == operation.name);
                if implemented || !self.implemented {
                    let state = if implemented { "yes" } else { "501" };
                    print(format!("{state}  {}:{}", service.signing_name, operation.name));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
