//! `keyfront credentials list`.

use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;

use super::operation::Operation;
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::terminal::print;

/// List credentials, without their secrets
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    store: DataFolderArguments,
}

/// A credential, as far as the command prints it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    access_key_id: String,
    account: String,
    user_name: String,
    created: String,
}

impl List {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let listed: Vec<Listed> = Operation::List.execute(&self.store).await?;
        for Listed { access_key_id, account, user_name, created } in listed {
            print(format!("{access_key_id}  {account}  {user_name}  {created}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
