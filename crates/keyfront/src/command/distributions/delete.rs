//! `keyfront distributions delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredDistribution};
use serde_json::json;

use super::waiting::{Patience, notice};
use crate::failure::Failure;
use crate::terminal::{Output, confirmed, one_line, tell};

/// Delete a distribution that is disabled
///
/// Waits until it is deployed, without which no distribution can be deleted. Asks before it is deleted.
#[derive(Args)]
pub(super) struct Delete {
    /// The distribution's id, domain name or alias
    distribution: String,
    /// Disable it first, if it is enabled
    #[arg(long)]
    disable: bool,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    patience: Patience,
}

const UNASKED: &str = "nothing was deleted: there is no terminal to ask at; add --yes to delete it";

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let StoredDistribution { id, domain_name, enabled, aliases, comment, .. } =
            client.distribution(&self.distribution).await?;
        if enabled && !self.disable {
            return Err(Failure::new(format!(
                "nothing was deleted: {id} is enabled; add --disable to disable it first"
            )));
        }
        if !self.yes {
            let names: Vec<_> = std::iter::once(domain_name).chain(aliases).collect();
            let question = if enabled { "Disable and delete it?" } else { "Delete it?" };
            tell(format!("{id}  {}  {}", names.join(", "), one_line(&comment)).trim_end());
            if !confirmed(question, UNASKED)? {
                return Err(Failure::new("nothing was deleted"));
            }
        }
        if enabled {
            client.disable_distribution(&id).await?;
        }
        client.deployed_distribution(&id, self.patience.timeout, notice(&id, "Deployed")).await?;
        client.delete_distribution(&id).await?;
        output.print(|| format!("deleted {id}"), || json!({ "Deleted": id }));
        Ok(ExitCode::SUCCESS)
    }
}
