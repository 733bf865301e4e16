//! `keyfront distributions disable`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::render::as_json;
use super::waiting::{Patience, notice};
use crate::failure::Failure;
use crate::terminal::Output;

/// Disable a distribution, so that viewers get nothing and it can be deleted
#[derive(Args)]
pub(super) struct Disable {
    /// The distribution's id, domain name or alias
    distribution: String,
    /// Wait until it is deployed
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    patience: Patience,
}

impl Disable {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let found = client.distribution(&self.distribution).await?;
        let mut distribution = client.disable_distribution(&found.id).await?;
        if self.wait {
            let notice = notice(&found.id, "Deployed");
            distribution = client.deployed_distribution(&found.id, self.patience.timeout, notice).await?;
        }
        let done = if found.enabled { "disabled" } else { "already disabled:" };
        output.print(
            || format!("{done} {} ({})", distribution.id, distribution.status),
            || as_json(&distribution),
        );
        Ok(ExitCode::SUCCESS)
    }
}
