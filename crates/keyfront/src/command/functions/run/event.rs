//! The options that name the event of an invocation: a file, or the line of a request.

use std::path::PathBuf;

use clap::Args;
use keyfront_functions::event::Event;

use crate::command::functions::file;
use crate::failure::Failure;

/// Where the event comes from.
#[derive(Args)]
pub(super) struct EventSource {
    /// The file with the event, as TestFunction takes it
    #[arg(long, value_name = "FILE", required_unless_present = "request", conflicts_with = "request")]
    event: Option<PathBuf>,
    /// A viewer request instead, such as "GET /a?b=1"
    #[arg(long, value_name = "LINE")]
    request: Option<String>,
    /// A header of that request, such as "Host: example.com"; may be given again
    #[arg(long = "header", short = 'H', value_name = "HEADER", requires = "request")]
    headers: Vec<String>,
}

impl EventSource {
    /// The event as it is now: a file may have changed since the last time.
    pub(super) fn read(&self) -> Result<Event, Failure> {
        if let Some(line) = &self.request {
            return Event::from_request_line(line, &self.headers()?)
                .map_err(|error| Failure::because(format!("--request {line:?}"), &error));
        }
        let Some(path) = &self.event else {
            return Err(Failure::new(
                "an event is needed: name its file with --event, or a request with --request",
            ));
        };
        let bytes = file::read(path, "event")?;
        Event::from_json(&bytes).map_err(|error| Failure::because(path.display().to_string(), &error))
    }

    /// The file, if there is one, for those who wait for its next version.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.event.as_ref()
    }

    fn headers(&self) -> Result<Vec<(&str, &str)>, Failure> {
        let pairs = self.headers.iter().map(|header| {
            let (name, value) = header
                .split_once(':')
                .ok_or_else(|| Failure::new(format!("--header {header:?} is not NAME: VALUE")))?;
            Ok((name.trim(), value.trim()))
        });
        pairs.collect()
    }
}
