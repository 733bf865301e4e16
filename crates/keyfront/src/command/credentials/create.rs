//! `keyfront credentials create`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::operation::Operation;
use super::policy_file;
use crate::config::read_secret;
use crate::data_folder::DataFolderArguments;
use crate::failure::Failure;
use crate::server::{AccessKey, NewCredential};
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
    /// The access key id, where it has to be a certain one; its secret comes from --secret-access-key-file
    #[arg(long, value_name = "ID", requires = "secret_access_key_file")]
    access_key_id: Option<String>,
    /// The file with the secret of --access-key-id
    // A secret on the command line would be seen by every process of the machine.
    #[arg(long, value_name = "FILE", requires = "access_key_id")]
    secret_access_key_file: Option<PathBuf>,
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
        let Create { account, user, policy, access_key_id, secret_access_key_file, store } = self;
        let key = match (access_key_id, secret_access_key_file) {
            (Some(access_key_id), Some(file)) => {
                Some(AccessKey { access_key_id, secret_access_key: secret(&file)? })
            }
            _made_by_the_server => None,
        };
        let chosen = key.is_some();
        let new = NewCredential { account, user, policy: policy_file::read(&policy)?, key };
        let created: Created = Operation::Create(new).execute(&store).await?;
        let Created { access_key_id, secret_access_key } = &created;
        output.print(
            || format!("access key id      {access_key_id}\nsecret access key  {secret_access_key}"),
            || json!(created),
        );
        if !chosen {
            tell("The secret is not shown again.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The secret in a file, without the line break at its end.
fn secret(file: &Path) -> Result<String, Failure> {
    let content = String::from_utf8(read_secret(file)?);
    let content = content.map_err(|_binary| Failure::new(format!("{} holds no secret", file.display())))?;
    Ok(content.trim_end_matches(['\r', '\n']).to_owned())
}
