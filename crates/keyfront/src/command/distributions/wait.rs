//! `keyfront distributions wait`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::render;
use super::waiting::{Patience, notice};
use crate::failure::Failure;
use crate::terminal::Output;

/// Wait until a distribution is deployed, or an invalidation is completed
#[derive(Args)]
pub(super) struct Wait {
    /// The distribution's id, domain name or alias
    distribution: String,
    /// Wait for this invalidation of it
    #[arg(long, value_name = "ID")]
    invalidation: Option<String>,
    #[command(flatten)]
    patience: Patience,
}

impl Wait {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let (id, timeout) = (client.distribution(&self.distribution).await?.id, self.patience.timeout);
        if let Some(invalidation) = self.invalidation {
            let notice = notice(&invalidation, "Completed");
            let done = client.completed_invalidation(&id, &invalidation, timeout, notice).await?;
            output.print(|| format!("{} is {}", done.id, done.status), || render::invalidation(&id, &done));
        } else {
            let done = client.deployed_distribution(&id, timeout, notice(&id, "Deployed")).await?;
            output.print(|| format!("{} is {}", done.id, done.status), || render::as_json(&done));
        }
        Ok(ExitCode::SUCCESS)
    }
}
