//! Writes to standard output and standard error.
//!
//! A write to standard output that fails does not stop the command: what it does goes on, and
//! [`failed_write`] makes the command fail at its end.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// The first write to standard output that failed.
static FAILED_WRITE: OnceLock<io::Error> = OnceLock::new();

/// The first write to standard output that failed, if one did.
pub(crate) fn failed_write() -> Option<&'static io::Error> {
    FAILED_WRITE.get()
}

/// Remembers a failed write to standard output. A reader that has seen enough, such as `head`, closes the pipe,
/// and that is not a failure.
pub(crate) fn remember_failure(outcome: io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != ErrorKind::BrokenPipe
    {
        FAILED_WRITE.get_or_init(|| error);
    }
}

/// Prints one line of a command's result.
pub(crate) fn print(line: impl Display) {
    remember_failure(writeln!(io::stdout(), "{line}"));
}

/// Prints a result with colours, which are left out without a terminal or with `NO_COLOR`.
pub(super) fn print_styled(text: impl Display) {
    remember_failure(writeln!(anstream::stdout(), "{text}"));
}

/// Prints a message on standard error: it is not part of the result. A failure to write it is ignored.
pub(crate) fn tell(line: impl Display) {
    writeln!(io::stderr(), "{line}").ok();
}

/// As [`tell`], with colours where the terminal has them.
pub(crate) fn tell_styled(text: impl Display) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// Switches colours off where `TERM=dumb`. Without this, `CI` would bring them back: `anstream` takes that variable
/// for a log that shows colours.
pub(crate) fn follow_dumb_terminal() {
    if std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb") {
        anstream::ColorChoice::Never.write_global();
    }
}
