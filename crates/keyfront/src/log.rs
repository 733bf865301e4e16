//! Structured logs on standard error. They carry request ids, never a value and never a secret.

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// The format of logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Settings of the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// How logs look.
    pub(crate) format: Format,
    /// What is logged, in the form of `tracing`'s filters: `info`, or `info,keyfront_api=debug`
    /// for a line for every request.
    pub(crate) filter: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { format: Format::Text, filter: "info".to_owned() }
    }
}

impl Settings {
    /// Checks the filter.
    pub(crate) fn check(&self) -> Result<EnvFilter, Failure> {
        EnvFilter::try_new(&self.filter).map_err(|error| {
            Failure::because(format!("the log filter {:?} is not valid", self.filter), &error)
        })
    }

    /// Starts logging.
    pub(crate) fn start(&self) -> Result<(), Failure> {
        let builder = tracing_subscriber::fmt().with_env_filter(self.check()?).with_writer(std::io::stderr);
        let started = match self.format {
            Format::Text => {
                builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init()
            }
            Format::Json => builder.json().flatten_event(true).try_init(),
        };
        started.map_err(|error| Failure::new(format!("logging cannot be started: {error}")))
    }
}
