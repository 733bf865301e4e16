//! Terminal output: results, messages, progress bars, and how numbers, text and times are formatted.

mod confirm;
mod escape;
mod number;
mod output;
mod print;
mod progress;
pub(crate) mod time;

pub(crate) use confirm::confirmed;
pub(crate) use escape::{one_line, printable};
pub(crate) use number::{count, number, size};
pub(crate) use output::Output;
pub(crate) use print::{failed_write, follow_dumb_terminal, print, remember_failure, tell, tell_styled};
pub(crate) use progress::Progress;
