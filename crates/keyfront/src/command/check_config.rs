//! `keyfront check-config`: checks a configuration file.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::bootstrap;
use crate::config::Config;
use crate::failure::Failure;
use crate::follow::Servers;
use crate::terminal::Output;

/// Check a configuration file without starting anything
#[derive(Args)]
pub(super) struct CheckConfig {
    /// The configuration file [default: keyfront.toml]
    #[arg(value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,
    /// The same, as `keyfront serve` has it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl CheckConfig {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let file = self.file.or(self.config).unwrap_or_else(|| PathBuf::from("keyfront.toml"));
        let config = Config::load(&file)?;
        for tls in config.server.tls.iter().chain(&config.relay.tls) {
            crate::server::load_tls(tls)?;
        }
        config.certificates.load()?;
        bootstrap::check_edge_certificates(&config)?;
        Servers::new(&config.follow)?;
        crate::objects::Objects::new(&config.import)?;
        let file = file.display();
        output.print(|| format!("{file} is valid"), || json!({ "File": file.to_string(), "Valid": true }));
        Ok(ExitCode::SUCCESS)
    }
}
