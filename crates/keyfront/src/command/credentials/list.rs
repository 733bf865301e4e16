//! `keyfront credentials list`.

use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::operation::Operation;
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::terminal::Output;

/// List credentials, without their secrets
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    store: DataFolderArguments,
}

/// A credential, as far as the command prints it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    access_key_id: String,
    account: String,
    user_name: String,
    created: String,
}

impl List {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let listed: Vec<Listed> = Operation::List.execute(&self.store).await?;
        let line = |Listed { access_key_id, account, user_name, created }: &Listed| {
            format!("{access_key_id}  {account}  {user_name}  {created}")
        };
        output.print(|| listed.iter().map(line).collect::<Vec<_>>().join("\n"), || json!(listed));
        Ok(ExitCode::SUCCESS)
    }
}
