//! `keyfront check-config`: checks a configuration file.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::config::Config;
use crate::failure::Failure;
use crate::terminal::Output;

/// Check a configuration file without starting anything
#[derive(Args)]
pub(super) struct CheckConfig {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "keyfront.toml")]
    config: PathBuf,
}

impl CheckConfig {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let config = Config::load(&self.config)?;
        if let Some(tls) = &config.server.tls {
            crate::server::load_tls(tls)?;
        }
        crate::objects::Objects::new(&config.import)?;
        let file = self.config.display();
        output.print(|| format!("{file} is valid"), || json!({ "File": file.to_string(), "Valid": true }));
        Ok(ExitCode::SUCCESS)
    }
}
