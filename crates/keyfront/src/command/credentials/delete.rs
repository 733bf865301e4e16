//! `keyfront credentials delete`.

use std::process::ExitCode;

use clap::Args;

use super::operation::{Operation, no_such_credential};
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::terminal::print;

/// Delete a credential; requests that it signs are refused from now on
#[derive(Args)]
pub(super) struct Delete {
    /// The access key id
    access_key_id: String,
    #[command(flatten)]
    store: DataFolderArguments,
}

impl Delete {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let Delete { access_key_id, store } = self;
        // It becomes part of a path.
        if !access_key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(no_such_credential(&access_key_id));
        }
        let deleted: String = Operation::Delete(access_key_id).execute(&store).await?;
        print(format!("deleted {deleted}"));
        Ok(ExitCode::SUCCESS)
    }
}
