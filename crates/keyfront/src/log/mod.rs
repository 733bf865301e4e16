//! Structured logs on standard error. They carry request ids, never a value and never a secret.

mod request_line;

use std::io::{IsTerminal, stderr};

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use request_line::RequestLines;

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
    /// What is logged, in the form of `tracing`'s filters: `info` has a line for each request that can change
    /// something, `info,keyfront_api::requests=debug` one for each request.
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

    /// Starts logging for operators.
    pub(crate) fn start(&self) -> Result<(), Failure> {
        let builder = tracing_subscriber::fmt().with_env_filter(self.check()?).with_writer(stderr);
        started(match self.format {
            Format::Text => builder.with_ansi(stderr().is_terminal()).try_init(),
            Format::Json => builder.json().flatten_event(true).try_init(),
        })
    }

    /// Starts logging for a developer at a terminal, with one short line for each request.
    pub(crate) fn start_for_development(&self) -> Result<(), Failure> {
        match self.format {
            Format::Text => {
                let builder = tracing_subscriber::fmt().with_env_filter(self.check()?).with_writer(stderr);
                let builder = builder.with_ansi(stderr().is_terminal());
                started(builder.event_format(RequestLines).try_init())
            }
            Format::Json => self.start(),
        }
    }
}

fn started(outcome: Result<(), Box<dyn std::error::Error + Send + Sync>>) -> Result<(), Failure> {
    outcome.map_err(|error| Failure::new(format!("logging cannot be started: {error}")))
}
