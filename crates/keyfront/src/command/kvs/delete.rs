//! `keyfront kvs delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Store};
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::{Output, confirmed, count, tell};

/// Delete a store with all its pairs
///
/// Shows what the store holds and asks before it is deleted.
#[derive(Args)]
pub(super) struct Delete {
    /// The store's name or ARN
    name: String,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
}

const UNASKED: &str = "nothing was deleted: there is no terminal to ask at; add --yes to delete it";

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        if !self.yes {
            let store = client.store(&self.name).await?;
            let holds = count(client.metadata(&store.arn).await?.item_count, "pair");
            tell(format!("{} holds {holds}\n{}", store.name, store.arn));
            if !confirmed("Delete it with all its pairs?", UNASKED)? {
                return Err(Failure::new("nothing was deleted"));
            }
        }
        let Store { name, arn, .. } = client.delete(&self.name).await?;
        output.print(|| format!("deleted {name}"), || json!({ "Name": name, "ARN": arn }));
        Ok(ExitCode::SUCCESS)
    }
}
