//! Terminal output: results, messages, progress bars, and how numbers, text and times are formatted. Nothing else writes to
//! the standard streams, and what is written here is escaped.

mod confirm;
mod escape;
mod number;
mod output;
mod print;
mod progress;
mod styled;
pub(crate) mod time;

pub(crate) use confirm::confirmed;
pub(crate) use escape::one_line;
pub(crate) use number::{count, number, size};
pub(crate) use output::Output;
pub(crate) use print::{
    LogLines, LogWriter, content, failed_write, follow_dumb_terminal, print, print_json_line, print_usage,
    tell, tell_json, tell_styled, tells_a_terminal,
};
pub(crate) use progress::Progress;
pub(crate) use styled::Styled;
