//! Test cases of functions: code, an event, and the expected result.
//!
//! A case says what TestFunction would answer. Files are not read here: a case is made of texts, so that the
//! command line and the tests of this crate read the same form.

mod compare;
mod expected;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use keyfront_domain::function::Runtime;
use keyfront_domain::pairs::StorePairs;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use expected::{Expectation, Expected, Oracle};

use crate::event::Event;
use crate::{Function, Invocation, Outcome};

/// The id of a store for tests whose code names one.
pub const STORE_ID: &str = "a1b2c3d4-5678-90ab-cdef-111122223333";

/// The id of a store that stands for whichever store a program names.
pub const ANY_STORE: &str = "*";

/// When the store of a case was created: the first of January 2024, in milliseconds.
pub const STORE_CREATED_MS: i64 = 1_704_067_200_000;

/// When the store of a case was last changed: the first of April 2024, in milliseconds.
pub const STORE_CHANGED_MS: i64 = 1_711_929_600_000;

/// The time that a case happens at unless it says another: 2024-05-01T12:00:00Z, in milliseconds.
pub const NOW_MS: i64 = 1_714_564_800_000;

/// A case, ready to run.
#[derive(Debug)]
pub struct Case {
    code: Vec<u8>,
    event: Event,
    expected: Expected,
    now_ms: i64,
}

/// The texts are not a case. The message names the file and says what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidCase(String);

impl Case {
    /// Reads the texts of `function.js`, `event.json` and `expected.json`.
    pub fn parse(code: &[u8], event: &[u8], expected: &[u8]) -> Result<Case, InvalidCase> {
        let event = Event::from_json(event).map_err(|error| InvalidCase(format!("event.json: {error}")))?;
        let expected: Expected = serde_json::from_slice(expected)
            .map_err(|error| InvalidCase(format!("expected.json: {error}")))?;
        expected.check().map_err(|problem| InvalidCase(format!("expected.json: {problem}")))?;
        let now_ms = match &expected.now {
            None => NOW_MS,
            Some(text) => milliseconds(text).ok_or_else(|| {
                InvalidCase(format!(
                    "expected.json: now: {text:?} is not a time such as 2024-05-01T12:00:00.000Z"
                ))
            })?,
        };
        Ok(Case { code: code.to_vec(), event, expected, now_ms })
    }

    /// The code of the function.
    pub fn code(&self) -> &[u8] {
        &self.code
    }

    /// The function.
    pub fn function(&self) -> Function {
        Function::prepare(&self.code, self.runtime())
    }

    /// The runtime that it runs in.
    pub fn runtime(&self) -> Runtime {
        self.expected.runtime
    }

    /// What is expected.
    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    /// What the function is invoked with. The same for every run: time and random numbers are the case's.
    pub fn invocation(&self) -> Invocation {
        let store = self.expected.store.as_ref().map(|pairs| {
            let pairs = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let id = self.expected.store_id.as_deref().unwrap_or(ANY_STORE);
            (id.to_owned(), Arc::new(StorePairs::empty(STORE_CREATED_MS, STORE_CHANGED_MS).with(pairs)))
        });
        Invocation { event: self.event.clone(), store, now_ms: self.now_ms, seed: 1 }
    }

    /// How an outcome differs from what is expected, a line for each difference; none when it is as expected.
    pub fn differences(&self, outcome: &Outcome) -> Vec<String> {
        compare::differences(&self.expected, outcome)
    }

    /// The text with which an edge refuses the outcome, where TestFunction lets it pass.
    pub fn edge_error(&self, outcome: &Outcome) -> Option<String> {
        let returned = outcome.result.as_ref().ok()?;
        let refused = returned.refused_at_edge(&self.event, self.expected.origin_access_control);
        refused.map(|failure| failure.message())
    }

    /// How what an edge makes of an outcome differs from what is expected: a line, or none.
    pub fn edge_difference(&self, outcome: &Outcome) -> Option<String> {
        match (&self.expected.edge_error, self.edge_error(outcome)) {
            (Some(expected), Some(error)) if *expected == error => None,
            (Some(expected), Some(error)) => Some(format!("edge: expected {expected:?}, got {error:?}")),
            (Some(expected), None) => Some(format!("edge: expected {expected:?}, and it is not refused")),
            (None, Some(error)) => {
                Some(format!("edge: refused: {error} If that is right, expected.json says so in edge_error."))
            }
            (None, None) => None,
        }
    }
}

/// The part of TestFunction's `FunctionErrorMessage` that `error` of an expectation holds.
pub fn brief_error(message: &str) -> &str {
    compare::brief(message)
}

fn milliseconds(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}
