//! Writes to standard output and standard error: the one place of the program that does.
//!
//! Every function here escapes what a terminal would obey and what a person could not see; a lint refuses the standard
//! streams elsewhere. Text is escaped wherever it goes, because a file of it may be shown later. What a command was asked
//! to print to the byte goes through [`content`], which escapes it for a terminal alone.
//!
//! A write to standard output that fails does not stop the command: what it does goes on, and
//! [`failed_write`] makes the command fail at its end.
#![expect(clippy::disallowed_methods, reason = "the one place that writes to the standard streams")]

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use serde_json::Value;

use super::escape::{printable, printable_json, printable_with_colors};
use super::styled::Styled;

/// The first write to standard output that failed.
static FAILED_WRITE: OnceLock<io::Error> = OnceLock::new();

/// The first write to standard output that failed, if one did.
pub(crate) fn failed_write() -> Option<&'static io::Error> {
    FAILED_WRITE.get()
}

/// Remembers a failed write to standard output. A reader that has seen enough, such as `head`, closes the pipe,
/// and that is not a failure.
fn remember_failure(outcome: io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != ErrorKind::BrokenPipe
    {
        FAILED_WRITE.get_or_init(|| error);
    }
}

/// Whether standard error is a terminal.
pub(crate) fn tells_a_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Prints one line of a command's result.
pub(crate) fn print(line: impl Display) {
    remember_failure(writeln!(io::stdout(), "{}", printable(&line.to_string())));
}

/// Prints a result for a script, on several lines.
pub(super) fn print_json(result: &Value) {
    remember_failure(writeln!(io::stdout(), "{}", printable_json(&format!("{result:#}"))));
}

/// Prints a result for a script that reads line by line.
pub(crate) fn print_json_line(result: &Value) {
    remember_failure(writeln!(io::stdout(), "{}", printable_json(&result.to_string())));
}

/// Prints a result with colours, which are left out without a terminal or with `NO_COLOR`.
pub(super) fn print_styled(text: &Styled) {
    remember_failure(writeln!(anstream::stdout(), "{text}"));
}

/// Prints what was asked for to the byte, such as a value or code: as it is into a pipe or a file, escaped on a terminal.
pub(crate) fn content(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    let written = if stdout.is_terminal() {
        stdout.write_all(printable(&String::from_utf8_lossy(bytes)).as_bytes())
    } else {
        stdout.write_all(bytes)
    };
    remember_failure(written.and_then(|()| stdout.flush()));
}

/// Prints a message on standard error: it is not part of the result. A failure to write it is ignored.
pub(crate) fn tell(line: impl Display) {
    writeln!(io::stderr(), "{}", printable(&line.to_string())).ok();
}

/// As [`tell`], for a script.
pub(crate) fn tell_json(message: &Value) {
    writeln!(io::stderr(), "{}", printable_json(&message.to_string())).ok();
}

/// As [`tell`], with colours where the terminal has them.
pub(crate) fn tell_styled(text: &Styled) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// Asks on standard error, without a line break behind the question.
pub(super) fn ask(question: &str) -> io::Result<()> {
    let mut stderr = io::stderr();
    write!(stderr, "{}", printable(question))?;
    stderr.flush()
}

/// Prints what the parser of the command line says: help on standard output, mistakes on standard error. It has colours
/// unless the command line has something to escape, because the parser quotes it.
pub(crate) fn print_usage(said: &clap::Error) {
    let harmless = |text: &std::ffi::OsStr| text.to_str().is_some_and(|text| printable(text) == text);
    let arguments = std::env::args_os().chain(std::env::vars_os().map(|(_name, value)| value));
    let text = said.render();
    let text = if arguments.into_iter().all(|argument| harmless(&argument)) {
        printable_with_colors(&text.ansi().to_string())
    } else {
        printable(&text.to_string())
    };
    if said.use_stderr() {
        write!(anstream::stderr(), "{text}").ok();
    } else {
        remember_failure(write!(anstream::stdout(), "{text}"));
    }
}

/// How lines of the log are escaped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogLines {
    /// Text, with colours on a terminal.
    Text,
    /// A JSON document a line.
    Json,
}

/// A writer of the log on standard error. It takes whole lines, which is what `tracing` gives.
pub(crate) struct LogWriter(pub(crate) LogLines);

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let escaped = match self.0 {
            LogLines::Text if io::stderr().is_terminal() => printable_with_colors(&text),
            LogLines::Text => printable(&text),
            LogLines::Json => printable_json(&text),
        };
        io::stderr().write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Switches colours off where `TERM=dumb`. Without this, `CI` would bring them back: `anstream` takes that variable
/// for a log that shows colours.
pub(crate) fn follow_dumb_terminal() {
    if std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb") {
        anstream::ColorChoice::Never.write_global();
    }
}
