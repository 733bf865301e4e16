//! Asks a person before something is written or removed.

use std::io::{IsTerminal, stdin};

use super::print::{ask, tell, tells_a_terminal};
use crate::failure::Failure;

/// Whether the person at the terminal wants it.
///
/// # Errors
/// Standard input or standard error is not a terminal; the message is `without_a_terminal`, which says what was not
/// done and how to do it.
pub(crate) fn confirmed(question: &str, without_a_terminal: &str) -> Result<bool, Failure> {
    if !stdin().is_terminal() || !tells_a_terminal() {
        return Err(Failure::new(without_a_terminal));
    }
    let failed = |error| Failure::because("the terminal cannot be read", &error);
    ask(&format!("\n{question} Only `yes` is accepted: ")).map_err(failed)?;
    let mut answer = String::new();
    if stdin().read_line(&mut answer).map_err(failed)? == 0 {
        tell("");
    }
    Ok(answer.trim() == "yes")
}
