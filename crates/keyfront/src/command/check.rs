//! `keyfront check`: verifies a data folder or a backup.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_store::embedded;

use super::print;
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
        let embedded::Report { version, entries, bytes, .. } = report;
        print(format!(
            "{} is sound: version {}, {entries} entries, {bytes} bytes",
            self.folder.display(),
            version.0
        ));
        Ok(ExitCode::SUCCESS)
    }
}
