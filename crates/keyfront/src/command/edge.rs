//! `keyfront edge`: starts an edge in a process of its own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::bootstrap::{self, Source};
use crate::config::{ACCESS_KEY_ID, Config, EnvironmentCredential, SECRET_ACCESS_KEY};
use crate::failure::Failure;
use crate::follow::Servers;
use crate::terminal::print;

/// Start an edge in a process of its own, which follows servers
///
/// It keeps what it serves on disk, so it goes on while no server can be reached and starts without one. Once it answers
/// it prints `edge http://ADDRESS`, `relay http://ADDRESS` if further edges may follow it, `admin http://ADDRESS` for
/// health and metrics, and at last `ready http://ADDRESS`, which is the edge's; logs go to standard error. At SIGHUP it
/// reads the configuration and the certificates again, and logs what it reloaded and what needs a restart.
#[derive(Args)]
pub(super) struct Edge {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "keyfront.toml")]
    config: PathBuf,
    /// Check the configuration file and the files that it names, and start nothing
    #[arg(long)]
    check: bool,
    /// The access key id that it follows with, if the configuration names none
    #[arg(long, value_name = "ID", env = ACCESS_KEY_ID)]
    access_key_id: Option<String>,
    /// Its secret; the environment variable keeps it out of lists of processes
    #[arg(long, value_name = "SECRET", env = SECRET_ACCESS_KEY, hide_env_values = true)]
    secret_access_key: Option<String>,
}

fn read(file: &Path, environment: Option<EnvironmentCredential>) -> Result<Config, Failure> {
    let mut config = Config::load(file)?;
    config.follow.require()?;
    config.follow.environment = environment;
    // This is what the command is for, whatever the section says about a server.
    config.edge.enabled = true;
    config.check()?;
    Ok(config)
}

impl Edge {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let key = self.access_key_id.zip(self.secret_access_key);
        let environment = key.map(|(access_key_id, secret_access_key)| EnvironmentCredential {
            access_key_id,
            secret_access_key,
        });
        let config = read(&self.config, environment.clone())?;
        if self.check {
            Servers::new(&config.follow)?;
            config.follow.credentials()?;
            config.relay.credentials()?;
            print(format!("{} is valid for an edge", self.config.display()));
            return Ok(ExitCode::SUCCESS);
        }
        let log = config.log.start()?;
        let file = self.config.clone();
        let source = Source { read: Box::new(move || read(&file, environment.clone())), log };
        bootstrap::run_edge(&config, &self.config, source, |started| {
            tracing::info!(admin = %started.admin, data = %config.store.data.display(), "serving viewers");
            print(format!("edge http://{}", started.edge));
            if let Some(address) = started.edge_tls {
                print(format!("edge https://{address}"));
            }
            if let Some((address, secure)) = started.relay {
                print(format!("relay {}://{address}", if secure { "https" } else { "http" }));
            }
            print(format!("admin http://{}", started.admin));
            print(format!("ready http://{}", started.edge));
        })
    }
}
