//! `keyfront restore`: makes a data folder hold what a backup holds.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::data_folder::{DataFolderArguments, has_sealing_key};
use crate::engine;
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// Restore a backup into a data folder that holds no data
///
/// The backup is verified first. Stop the server, and move the old data away: nothing is written over. The key that
/// decrypts the secrets of credentials is not part of a backup: put the copy of secret.key into the folder.
#[derive(Args)]
pub(super) struct Restore {
    /// The folder that `keyfront backup` made
    backup: PathBuf,
    #[command(flatten)]
    store: DataFolderArguments,
}

impl Restore {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let settings = self.store.settings()?;
        let backup = self.backup.display();
        tell(format!("verifying {backup} …"));
        let version = engine::restore(&self.backup, &settings)?;
        if !has_sealing_key(&settings) {
            tell(
                "keyfront: there is no secret.key; put the copy of it into the folder before the server starts",
            );
        }
        let folder = settings.data.display();
        output.print(
            || format!("{folder} holds version {version} of the store"),
            || json!({ "Folder": folder.to_string(), "Version": version }),
        );
        Ok(ExitCode::SUCCESS)
    }
}
