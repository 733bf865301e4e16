//! `keyfront credentials delete`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::operation::{Operation, no_such_credential};
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
        // It becomes part of a path.
        if !access_key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(no_such_credential(&access_key_id));
        }
        let deleted: String = Operation::Delete(access_key_id).execute(&store).await?;
        output.print(|| format!("deleted {deleted}"), || json!({ "AccessKeyId": deleted }));
        Ok(ExitCode::SUCCESS)
    }
}
