//! `keyfront check`: verifies a data folder or a backup.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_store::stores::{self, Audit};
use keyfront_store::{EmbeddedEngine, embedded};

use super::{print, small_runtime};
use crate::failure::Failure;

/// Verify a backup, or a data folder that no server runs on
#[derive(Args)]
pub(super) struct Check {
    /// The folder
    folder: PathBuf,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let settings = embedded::Settings::default();
        let report = embedded::verify(&self.folder, &settings, |_entries| {});
        let report = report.map_err(|error| {
            Failure::because(format!("{} cannot be verified", self.folder.display()), &error)
        })?;
        let audit = small_runtime()?.block_on(self.audit(settings))?;
        print(format!(
            "{} is sound: version {}, {} key value stores, {} pairs, {} bytes",
            self.folder.display(),
            report.version.0,
            audit.stores,
            audit.pairs,
            report.bytes
        ));
        Ok(ExitCode::SUCCESS)
    }

    /// Compares what the records say with what is there.
    async fn audit(&self, settings: embedded::Settings) -> Result<Audit, Failure> {
        let failed = |error| Failure::because(format!("{} is not sound", self.folder.display()), &error);
        let engine = EmbeddedEngine::open(&self.folder, settings).map_err(failed)?;
        stores::audit(&engine).await.map_err(failed)
    }
}
