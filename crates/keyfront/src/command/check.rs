//! `keyfront check`: verifies a data folder or a backup.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_store::{functions, stores};
use serde_json::json;

use crate::engine;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Verify a backup, or a data folder that no server runs on
#[derive(Args)]
pub(super) struct Check {
    /// The folder
    folder: PathBuf,
}

impl Check {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let failed =
            |error| Failure::because(format!("{} cannot be verified", self.folder.display()), &error);
        let mut frozen = engine::open_for_reading(&self.folder).map_err(failed)?;
        let report = frozen.verify(|_entries| {}).map_err(failed)?;
        // The file is intact; now the records are compared with each other.
        let audit = runtime::single_threaded()?.block_on(stores::audit(&frozen)).map_err(failed)?;
        runtime::single_threaded()?.block_on(functions::audit(&frozen)).map_err(failed)?;
        let (folder, version, bytes) = (self.folder.display(), report.version.0, report.bytes);
        output.print(
            || {
                format!(
                    "{folder} is sound: version {version}, {} key value stores, {} pairs, {bytes} bytes",
                    audit.stores, audit.pairs
                )
            },
            || {
                json!({
                    "Folder": folder.to_string(),
                    "Version": version,
                    "Stores": audit.stores,
                    "Pairs": audit.pairs,
                    "Bytes": bytes,
                })
            },
        );
        Ok(ExitCode::SUCCESS)
    }
}
