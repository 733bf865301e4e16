//! `keyfront backup`: copies the store, also while a server runs on it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use http::Method;
use serde_json::json;

use crate::config::StoreSettings;
use crate::data_folder::{DataFolderArguments, find_control};
use crate::engine;
use crate::failure::Failure;
use crate::runtime;
use crate::server::{BackupOrder, ask};
use crate::terminal::{Output, tell};

/// Time in which a running server must have made the copy.
const LIMIT: Duration = Duration::from_hours(1);

/// Copy the store into a new folder, whether the server runs or not
///
/// The copy is one version of the store, taken while the server answers requests. It does not contain the key that
/// decrypts the secrets of credentials: keep a copy of secret.key apart from it.
#[derive(Args)]
pub(super) struct Backup {
    /// The folder to copy into; it must be empty or not exist
    folder: PathBuf,
    #[command(flatten)]
    store: DataFolderArguments,
}

impl Backup {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let settings = self.store.settings()?;
        // The server may run in another folder.
        let folder = std::path::absolute(&self.folder)
            .map_err(|error| Failure::because(format!("{}", self.folder.display()), &error))?;
        tell(format!("copying {} …", settings.data.display()));
        let version = runtime::single_threaded()?.block_on(backup(&settings, &folder))?;
        output.print(
            || format!("{} holds version {version} of the store", folder.display()),
            || json!({ "Folder": folder.display().to_string(), "Version": version }),
        );
        Ok(ExitCode::SUCCESS)
    }
}

async fn backup(settings: &StoreSettings, folder: &Path) -> Result<u64, Failure> {
    if let Some(control) = find_control(&settings.data) {
        let order = BackupOrder { folder: folder.to_owned() };
        if let Some(version) = ask(&control, Method::POST, "/backup", &order, LIMIT).await? {
            return Ok(version);
        }
    }
    let engine = engine::open_existing(settings)?;
    let backup =
        engine.backup().ok_or_else(|| Failure::new("this engine makes no copies of what it holds"))?;
    let version = backup.backup_to(folder, Box::new(|_entries| {})).await;
    version.map(|version| version.0).map_err(|error| Failure::because("the copy was not made", &error))
}
