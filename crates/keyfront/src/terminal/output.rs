//! The option `--output`: text for a person or JSON for a script.

use clap::ValueEnum;
use serde_json::Value;

use super::print::{content, print, print_json, print_styled};
use super::styled::Styled;

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
    pub(crate) fn print_plan(self, text: impl FnOnce() -> Styled, json: impl FnOnce() -> Value) {
        match self {
            Output::Text => print_styled(&text()),
            Output::Json => print_json(&json()),
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
            Output::Json => print_json(&json()),
        }
    }

    /// Prints what was asked for to the byte, with a line break behind it, or a result for a script.
    pub(crate) fn print_content(self, text: &str, json: impl FnOnce() -> Value) {
        match self {
            Output::Text => content(format!("{text}\n").as_bytes()),
            Output::Json => print_json(&json()),
        }
    }
}
