//! The options that name the event of an invocation: a file, or the line of a request and the status of a response.

use std::path::PathBuf;

use clap::Args;
use keyfront_functions::event::Event;

use crate::command::functions::file;
use crate::failure::Failure;

/// Where the event comes from.
#[derive(Args)]
pub(super) struct EventSource {
    /// The file with the event, as TestFunction takes it
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// A viewer request instead of a file, such as "GET /a?b=1"
    #[arg(long, value_name = "LINE")]
    request: Option<String>,
    /// A viewer response instead of a file: the status, such as 200 or "404 Not Found"; --request is the request before it
    #[arg(long, value_name = "STATUS")]
    response: Option<String>,
    /// A header, such as "Host: example.com": of the response with --response, else of the request; may be given again
    #[arg(long = "header", short = 'H', value_name = "HEADER")]
    headers: Vec<String>,
    /// A header of the request before a response; may be given again
    #[arg(long = "request-header", value_name = "HEADER", requires = "response")]
    request_headers: Vec<String>,
}

/// The request before a response, if none is said.
const ANY_REQUEST: &str = "GET /";

/// Both ways to give an event, for a command line that has none or two.
const BOTH_WAYS: &str = "name its file, --event FILE, or describe it, --request \"GET /path\" with -H \"Name: value\", or \
                         --response 200 for a viewer response";

impl EventSource {
    /// Whether the options name one event; the text says what is wrong with them.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let is_described = self.request.is_some() || self.response.is_some();
        match (&self.event, is_described) {
            (None, false) => Err(Failure::new(format!("an event is needed: {BOTH_WAYS}"))),
            (Some(_), true) => {
                Err(Failure::new(format!("the event is given in two ways; choose one: {BOTH_WAYS}")))
            }
            (Some(_), false) if !self.headers.is_empty() => Err(Failure::new(format!(
                "--header adds to an event that is described, and --event names a file with all of it; {BOTH_WAYS}"
            ))),
            (Some(_), false) | (None, true) => Ok(()),
        }
    }

    /// The event as it is now: a file may have changed since the last time.
    pub(super) fn read(&self) -> Result<Event, Failure> {
        self.check()?;
        if let Some(path) = &self.event {
            let bytes = file::read(path, "event")?;
            return Event::from_json(&bytes)
                .map_err(|error| Failure::because(path.display().to_string(), &error));
        }
        let line = self.request.as_deref().unwrap_or(ANY_REQUEST);
        let headers = pairs(&self.headers)?;
        let of_request =
            if self.response.is_some() { pairs(&self.request_headers)? } else { headers.clone() };
        let event = Event::from_request_line(line, &of_request)
            .map_err(|error| Failure::because(format!("--request {line:?}"), &error))?;
        match &self.response {
            None => Ok(event),
            Some(line) => {
                let (status, description) = status(line)?;
                event
                    .with_response(status, &description, &headers)
                    .map_err(|error| Failure::because(format!("--response {line:?}"), &error))
            }
        }
    }

    /// The file, if there is one, for those who wait for its next version.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.event.as_ref()
    }
}

/// A status and the words after it: those that are given, or the usual ones.
fn status(line: &str) -> Result<(u16, String), Failure> {
    let (number, words) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
    let status: u16 = number.parse().ok().ok_or_else(|| {
        Failure::new(format!("--response {line:?} is not a status, such as 200 or \"404 Not Found\""))
    })?;
    let usual = || http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let words = if words.is_empty() { usual().unwrap_or_default() } else { words.trim() };
    Ok((status, words.to_owned()))
}

fn pairs(headers: &[String]) -> Result<Vec<(&str, &str)>, Failure> {
    let pairs = headers.iter().map(|header| {
        let (name, value) = header
            .split_once(':')
            .ok_or_else(|| Failure::new(format!("--header {header:?} is not NAME: VALUE")))?;
        Ok((name.trim(), value.trim()))
    });
    pairs.collect()
}
