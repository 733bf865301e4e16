//! How a command prints: words for a person, JSON for a script, and what it shows while it works.

use std::io::{IsTerminal, stderr};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use super::{print, print_styled, tell};

/// The form of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// Words and tables for a person
    Text,
    /// JSON for a script
    Json,
}

impl Output {
    /// Prints a plan, whose words have colours.
    pub(super) fn print_plan(self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        match self {
            Output::Text => print_styled(text()),
            Output::Json => self.print(String::new, json),
        }
    }

    /// Prints a result in this form.
    pub(super) fn print(self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        match self {
            Output::Text => {
                let text = text();
                if !text.is_empty() {
                    print(text);
                }
            }
            Output::Json => print(format!("{:#}", json())),
        }
    }
}

/// A number with its thousands set apart.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things, in words.
pub(super) fn count(amount: u64, thing: &str) -> String {
    let plural = if amount == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", number(amount))
}

/// Characters that change how others are shown: marks of direction, and separators of lines.
const UNSEEN: [RangeInclusive<char>; 3] =
    ['\u{200e}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2066}'..='\u{2069}'];

/// Text on one line of a terminal: what would move the cursor or turn the direction of writing is escaped.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let moves = character.is_control() || UNSEEN.iter().any(|unseen| unseen.contains(&character));
            let escaped = moves.then(|| character.escape_default());
            let plain = escaped.is_none().then_some(character);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// A bar with rate and time left on a terminal; elsewhere a line now and then.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    terminal: bool,
    /// Seconds after the beginning at which the next line is due, where there is no terminal.
    next_line: AtomicU64,
}

/// Seconds between two lines where there is no terminal. What takes less says nothing.
const BETWEEN_LINES: u64 = 5;

impl Progress {
    /// Begins to show that `what` is going on.
    pub(super) fn begin(what: &'static str) -> Progress {
        let terminal = stderr().is_terminal();
        // There is nothing to see before it is known how much there is to do.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = "{msg} {bar:30} {human_pos} of {human_len}, {per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        Progress { bar, what, terminal, next_line: AtomicU64::new(BETWEEN_LINES) }
    }

    /// So many of so many are done.
    pub(super) fn set(&self, done: u64, of: u64) {
        if self.terminal && self.bar.length().is_none() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(of);
        self.bar.set_position(done);
        let seconds = self.bar.elapsed().as_secs();
        if !self.terminal && seconds >= self.next_line.load(Ordering::Relaxed) {
            self.next_line.store(seconds + BETWEEN_LINES, Ordering::Relaxed);
            tell(format!("{}: {} of {}", self.what, number(done), number(of)));
        }
    }

    /// Says something beside the bar.
    pub(super) fn tell(&self, line: &str) {
        self.bar.suspend(|| tell(line));
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (given, shown) in [(0, "0"), (999, "999"), (1_000, "1,000"), (5_242_880, "5,242,880")] {
            assert_eq!(number(given), shown);
        }
        assert_eq!((count(1, "pair"), count(2, "pair")), ("1 pair".to_owned(), "2 pairs".to_owned()));
    }

    #[test]
    fn what_would_move_the_cursor_is_escaped() {
        for (given, shown) in [
            ("a\tb\n\u{1b}[31mü", r"a\tb\n\u{1b}[31mü"),
            ("a\u{202e}b\u{2028}\u{2066}", r"a\u{202e}b\u{2028}\u{2066}"),
            ("e\u{301} 😀 日本", "e\u{301} 😀 日本"),
        ] {
            assert_eq!(one_line(given), shown);
        }
    }
}
