//! `keyfront credentials create`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::operation::Operation;
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::server::NewCredential;
use crate::terminal::{Output, tell};

/// Create a credential; its secret is shown only now
#[derive(Args)]
pub(super) struct Create {
    /// The account that it acts in
    #[arg(long, value_name = "ACCOUNT")]
    account: AccountId,
    /// The name of the user, which error messages show
    #[arg(long, value_name = "NAME")]
    user: String,
    /// The file with the IAM policy document, which says what the user may do
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    #[command(flatten)]
    store: DataFolderArguments,
}

/// A new credential, as far as the command prints it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    access_key_id: String,
    secret_access_key: String,
}

impl Create {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Create { account, user, policy, store } = self;
        let policy = std::fs::read_to_string(&policy)
            .map_err(|error| Failure::because(format!("{} cannot be read", policy.display()), &error))?;
        let new = NewCredential { account, user, policy };
        let created: Created = Operation::Create(new).execute(&store).await?;
        let Created { access_key_id, secret_access_key } = &created;
        output.print(
            || format!("access key id      {access_key_id}\nsecret access key  {secret_access_key}"),
            || json!(created),
        );
        tell("The secret is not shown again.");
        Ok(ExitCode::SUCCESS)
    }
}
