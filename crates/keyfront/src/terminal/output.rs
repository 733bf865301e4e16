//! The option `--output`: text for a person or JSON for a script.

use clap::ValueEnum;
use serde_json::Value;

use super::print::{print, print_styled};

/// The form of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Words and tables for a person
    Text,
    /// JSON for a script
    Json,
}

impl Output {
    /// Prints a plan, whose words have colours.
    pub(crate) fn print_plan(self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        match self {
            Output::Text => print_styled(text()),
            Output::Json => self.print(String::new, json),
        }
    }

    /// Prints a result in this form.
    pub(crate) fn print(self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
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
