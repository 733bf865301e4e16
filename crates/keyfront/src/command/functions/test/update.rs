//! Writes what functions do now as what is expected of them.

use std::io::Write as _;
use std::path::Path;

use keyfront_functions::Outcome;
use keyfront_functions::case::{Case, brief_error};
use serde_json::{Map, Value, json};

use super::cases::EXPECTED;
use crate::atomic_file;
use crate::failure::Failure;

/// The members that say what is to come; all others are settings and stay.
const RESULTS: [&str; 6] = ["output", "error", "error_class", "origin", "edge_error", "logs"];

/// Writes the expectation of a case anew, where the outcome is not what it says. It tells whether it wrote.
pub(super) fn write(folder: &Path, case: &Case, outcome: &Outcome) -> Result<bool, Failure> {
    let path = folder.join(EXPECTED);
    let failed = |error: &dyn std::error::Error| {
        Failure::because(format!("{} cannot be written", path.display()), error)
    };
    let before: Option<Map<String, Value>> = match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).map_err(|error| failed(&error))?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(&error)),
    };
    let is_right = case.differences(outcome).is_empty() && case.edge_difference(outcome).is_none();
    if before.is_some() && is_right {
        return Ok(false);
    }
    let with_logs = before.as_ref().is_none_or(|members| members.contains_key("logs"));
    let mut members = before.unwrap_or_default();
    members.retain(|name, _| !RESULTS.contains(&name.as_str()));
    match &outcome.result {
        Ok(returned) => {
            let output = serde_json::from_str(&returned.to_json()).map_err(|error| failed(&error))?;
            members.insert("output".to_owned(), output);
            if let Some(origin) = &returned.origin {
                members.insert("origin".to_owned(), origin.to_json());
            }
        }
        Err(failure) => {
            members.insert("error".to_owned(), json!(brief_error(&failure.message())));
        }
    }
    if let Some(error) = case.edge_error(outcome) {
        members.insert("edge_error".to_owned(), json!(error));
    }
    if with_logs {
        members.insert("logs".to_owned(), json!(outcome.logs));
    }
    let text = format!("{:#}\n", Value::Object(members));
    let written = atomic_file::replace(&path, atomic_file::ORDINARY, |file| file.write_all(text.as_bytes()));
    written.map_err(|error| failed(&error))?;
    Ok(true)
}
