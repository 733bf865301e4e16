//! `keyfront credentials delete`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::operation::{self, Operation};
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::terminal::Output;

/// Delete a credential; requests that it signs are refused from now on
#[derive(Args)]
pub(super) struct Delete {
    /// The access key id
    access_key_id: String,
    #[command(flatten)]
    store: DataFolderArguments,
}

impl Delete {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Delete { access_key_id, store } = self;
        let deleted: String =
            Operation::Delete(operation::access_key_id(access_key_id)?).execute(&store).await?;
        output.print(|| format!("deleted {deleted}"), || json!({ "AccessKeyId": deleted }));
        Ok(ExitCode::SUCCESS)
    }
}
