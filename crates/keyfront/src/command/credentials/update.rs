//! `keyfront credentials update`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::operation::{self, Operation};
use super::policy_file;
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::server::CredentialChange;
use crate::terminal::Output;

/// Give a credential another policy, in force from the next request
#[derive(Args)]
pub(super) struct Update {
    /// The access key id
    access_key_id: String,
    /// The file with the IAM policy document
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    #[command(flatten)]
    store: DataFolderArguments,
}

impl Update {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Update { access_key_id, policy, store } = self;
        let change = CredentialChange { policy: policy_file::read(&policy)? };
        let id = operation::access_key_id(access_key_id)?;
        let changed: String = Operation::Update(id, change).execute(&store).await?;
        output.print(|| format!("changed {changed}"), || json!({ "AccessKeyId": changed }));
        Ok(ExitCode::SUCCESS)
    }
}
