//! Structured logs on standard error. They carry request ids, never a value and never a secret.

mod request_line;
mod viewer_line;

use std::sync::Arc;

use serde::Deserialize;
use tracing_subscriber::{EnvFilter, reload};

use crate::failure::Failure;
use crate::terminal::{LogLines, LogWriter, tells_a_terminal};
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
    /// something, `info,keyfront_api::requests=debug,keyfront_edge::requests=debug` one for each request.
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
        let not_valid = format!("the log filter {:?} is not valid", self.filter);
        if let Some(word) = self.filter.split(',').map(str::trim).find(|part| names_no_level(part)) {
            return Err(Failure::new(format!(
                "{not_valid}: {word:?} is not a level (error, warn, info, debug, trace or off); write {word}=LEVEL if \
                 it is a part of the program"
            )));
        }
        // h2 warns of what clients do wrong, once for each time that they do it. A filter that names h2 replaces this.
        EnvFilter::try_new(format!("h2=error,{}", self.filter))
            .map_err(|error| Failure::because(not_valid, &error))
    }

    /// Starts logging for operators.
    pub(crate) fn start(&self) -> Result<LogFilter, Failure> {
        let lines = match self.format {
            Format::Text => LogLines::Text,
            Format::Json => LogLines::Json,
        };
        let writer = move || LogWriter(lines);
        let builder = tracing_subscriber::fmt().with_env_filter(self.check()?).with_writer(writer);
        match self.format {
            Format::Text => {
                let builder = builder.with_ansi(tells_a_terminal()).with_filter_reloading();
                let filter = LogFilter::of(builder.reload_handle());
                started(builder.try_init(), filter)
            }
            Format::Json => {
                let builder = builder.json().flatten_event(true).with_filter_reloading();
                let filter = LogFilter::of(builder.reload_handle());
                started(builder.try_init(), filter)
            }
        }
    }

    /// Starts logging for a developer at a terminal, with one short line for each request.
    pub(crate) fn start_for_development(&self) -> Result<LogFilter, Failure> {
        match self.format {
            Format::Text => {
                let writer = || LogWriter(LogLines::Text);
                let builder = tracing_subscriber::fmt().with_env_filter(self.check()?).with_writer(writer);
                let builder = builder.with_ansi(tells_a_terminal()).event_format(RequestLines);
                let builder = builder.with_filter_reloading();
                let filter = LogFilter::of(builder.reload_handle());
                started(builder.try_init(), filter)
            }
            Format::Json => self.start(),
        }
    }
}

/// The filter of the log that was started, which can be replaced.
#[derive(Clone)]
pub(crate) struct LogFilter(Arc<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>);

impl LogFilter {
    fn of<S: 'static>(handle: reload::Handle<EnvFilter, S>) -> LogFilter {
        LogFilter(Arc::new(move |filter| handle.reload(filter)))
    }

    /// Logs by another filter from now on.
    pub(crate) fn replace(&self, filter: EnvFilter) {
        if let Err(error) = (self.0)(filter) {
            tracing::error!(%error, "the log filter stays as it was");
        }
    }
}

fn started(
    outcome: Result<(), Box<dyn std::error::Error + Send + Sync>>,
    filter: LogFilter,
) -> Result<LogFilter, Failure> {
    outcome.map_err(|error| Failure::new(format!("logging cannot be started: {error}")))?;
    Ok(filter)
}

/// Whether a part of a filter is a word alone that is not a level. The filter would take it for the name of a part of
/// the program, and log nothing else.
fn names_no_level(part: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    !part.is_empty()
        && !part.contains(['=', '['])
        && !levels.iter().any(|level| part.eq_ignore_ascii_case(level))
}
