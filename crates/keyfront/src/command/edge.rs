//! `keyfront edge`: starts an edge in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::bootstrap;
use crate::config::{ACCESS_KEY_ID, Config, EnvironmentCredential, SECRET_ACCESS_KEY};
use crate::failure::Failure;
use crate::follow::Servers;
use crate::terminal::print;

/// Start an edge in a process of its own, which follows servers
///
/// It keeps what it serves on disk, so it goes on while no server can be reached and starts without one. Once it answers
/// it prints `edge http://ADDRESS`, `relay http://ADDRESS` if further edges may follow it, `admin http://ADDRESS` for
/// health and metrics, and at last `ready http://ADDRESS`, which is the edge's; logs go to standard error.
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

impl Edge {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let mut config = Config::load(&self.config)?;
        config.follow.require()?;
        let key = self.access_key_id.zip(self.secret_access_key);
        config.follow.environment = key.map(|(access_key_id, secret_access_key)| EnvironmentCredential {
            access_key_id,
            secret_access_key,
        });
        // This is what the command is for, whatever the section says about a server.
        config.edge.enabled = true;
        config.check()?;
        if self.check {
            Servers::new(&config.follow)?;
            config.follow.credentials()?;
            config.relay.credentials()?;
            print(format!("{} is valid for an edge", self.config.display()));
            return Ok(ExitCode::SUCCESS);
        }
        config.log.start()?;
        bootstrap::run_edge(&config, &self.config, |started| {
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
