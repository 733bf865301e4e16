//! The options that name a data folder.

use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, StoreSettings};
use crate::failure::Failure;

/// The options that name a data folder, directly or by a configuration file.
#[derive(Args)]
pub(crate) struct DataFolderArguments {
    /// The data folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "config")]
    data: Option<PathBuf>,
    /// The configuration file that names it [default: keyfront.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DataFolderArguments {
    /// The settings of the store.
    pub(crate) fn settings(&self) -> Result<StoreSettings, Failure> {
        if let Some(data) = &self.data {
            if !data.is_dir() {
                return Err(Failure::new(format!(
                    "there is no folder {}; a server makes the one of its configuration, and mkdir any other",
                    data.display()
                )));
            }
            return Ok(StoreSettings { data: data.clone(), ..StoreSettings::default() });
        }
        let usual = PathBuf::from("keyfront.toml");
        match &self.config {
            Some(config) => Ok(Config::load(config)?.store),
            None if usual.is_file() => Ok(Config::load(&usual)?.store),
            None => Err(Failure::usage("name the store with --data FOLDER or --config FILE")),
        }
    }
}
