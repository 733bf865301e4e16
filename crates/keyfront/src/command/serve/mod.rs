//! `keyfront serve`: starts a server for production.

mod initial_credential;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::announcement::Announcement;
use crate::bootstrap::{self, Mode, Source};
use crate::config::Config;
use crate::endpoint::own_variable;
use crate::failure::Failure;
use crate::terminal::Output;

/// Start a server for production, from a configuration file
///
/// It has no default credentials and does not start without any: create the first with
/// `keyfront credentials create`, or have it created at the first start from KEYFRONT_INITIAL_ACCOUNT,
/// KEYFRONT_INITIAL_ACCESS_KEY_ID and KEYFRONT_INITIAL_SECRET_ACCESS_KEY, or from the files that these name with _FILE
/// at their ends. Once it answers it prints one line `ready http://ADDRESS` (or https) on
/// standard output, and before it `edge http://ADDRESS` if it serves distributions to viewers; with --output json it
/// prints one line of JSON instead. Logs go to standard error. At SIGHUP it reads the configuration and the certificates
/// again, and logs what it reloaded and what needs a restart.
#[derive(Args)]
pub(super) struct Serve {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "keyfront.toml")]
    config: PathBuf,
}

fn read(file: &Path) -> Result<Config, Failure> {
    let config = Config::load(file)?;
    config.require_no_following()?;
    Ok(config)
}

impl Serve {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let config = read(&self.config)?;
        let log = config.log.start()?;
        let first = initial_credential::from_environment(own_variable)?;
        let scheme = if config.server.tls.is_some() { "https" } else { "http" };
        let file = self.config.clone();
        let source = Source { read: Box::new(move || read(&file)), log };
        let mode = Mode::Production { file: &self.config, first: first.as_ref() };
        bootstrap::run(&config, mode, source, |started| {
            tracing::info!(admin = %started.admin, data = %config.store.data.display(), "serving");
            Announcement::of(started, scheme, false).print(output);
        })
    }
}
