//! `keyfront credentials show`.

use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::operation::{self, Operation};
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// Show a credential and its policy, without its secret
#[derive(Args)]
pub(super) struct Show {
    /// The access key id
    access_key_id: String,
    #[command(flatten)]
    store: DataFolderArguments,
}

/// A credential, as far as the command prints it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    access_key_id: String,
    account: String,
    user_name: String,
    created: String,
    policy: String,
}

impl Show {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let id = operation::access_key_id(self.access_key_id)?;
        let shown: Shown = Operation::Show(id).execute(&self.store).await?;
        if output == Output::Text {
            let Shown { access_key_id, account, user_name, created, .. } = &shown;
            tell(format!("{access_key_id}  {account}  {user_name}  {created}"));
        }
        // The policy alone, so that it can be written to a file and given back.
        output.print_content(shown.policy.trim_end(), || json!(shown));
        Ok(ExitCode::SUCCESS)
    }
}
