//! Options and messages of commands that wait.

use std::time::Duration;

use clap::Args;

use crate::terminal::{tell, time};

/// Time between two messages.
const BETWEEN_MESSAGES: Duration = Duration::from_secs(30);

/// How long a command waits.
#[derive(Args)]
pub(super) struct Patience {
    /// How long to wait at most, such as 90s or 20m
    #[arg(long, value_name = "DURATION", default_value = "35m", value_parser = humantime::parse_duration)]
    pub(super) timeout: Duration,
}

/// Says on standard error what is waited for, at the beginning and now and then. `wanted` is its last state.
pub(super) fn notice(what: &str, wanted: &'static str) -> impl FnMut(&str, Duration) + use<> {
    let what = what.to_owned();
    let mut next = Duration::ZERO;
    move |status, passed| {
        if passed < next {
            return;
        }
        let since = time::format_duration(passed.as_secs());
        if next.is_zero() {
            tell(format!("{what} is {status}; waiting until it is {wanted}"));
        } else {
            tell(format!("{what} is {status} after {since}"));
        }
        next = passed + BETWEEN_MESSAGES;
    }
}
