//! `keyfront serve`: starts a server for production.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::edge_address::print_edge;
use crate::bootstrap::{self, Mode};
use crate::config::Config;
use crate::failure::Failure;
use crate::terminal::print;

/// Start a server for production, from a configuration file
///
/// It has no default credentials and does not start without any: create the first with
/// `keyfront credentials create`. Once it answers it prints one line `ready http://ADDRESS` (or https) on
/// standard output, and before it `edge http://ADDRESS` if it serves distributions to viewers; logs go to standard
/// error.
#[derive(Args)]
pub(super) struct Serve {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "keyfront.toml")]
    config: PathBuf,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let config = Config::load(&self.config)?;
        config.require_no_following()?;
        config.log.start()?;
        let scheme = if config.server.tls.is_some() { "https" } else { "http" };
        bootstrap::run(&config, Mode::Production { file: &self.config }, |started| {
            tracing::info!(admin = %started.admin, data = %config.store.data.display(), "serving");
            print_edge(started);
            print(format!("ready {scheme}://{}", started.api));
        })
    }
}
