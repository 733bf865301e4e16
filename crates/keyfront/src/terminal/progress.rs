//! Progress bars, and progress lines where standard error is not a terminal.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::number::number;
use super::print::{tell, tells_a_terminal};

/// A bar with rate and time left on a terminal; elsewhere a line now and then.
pub(crate) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    terminal: bool,
    /// Seconds after the beginning at which the next line is due, where standard error is not a terminal.
    next_line: AtomicU64,
}

/// Seconds between two lines where standard error is not a terminal. What takes less says nothing.
const BETWEEN_LINES: u64 = 5;

impl Progress {
    /// Begins to show that `what` is going on.
    pub(crate) fn begin(what: &'static str) -> Progress {
        let terminal = tells_a_terminal();
        // A bar needs to know how much there is to do.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = "{msg} {bar:30} {human_pos} of {human_len}, {per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        Progress { bar, what, terminal, next_line: AtomicU64::new(BETWEEN_LINES) }
    }

    /// So many of so many are done.
    pub(crate) fn set(&self, done: u64, of: u64) {
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
    pub(crate) fn tell(&self, line: &str) {
        self.bar.suspend(|| tell(line));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
