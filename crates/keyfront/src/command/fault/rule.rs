//! Fault rules: parsed from the command line, and as the server lists them.

use keyfront_api::faults::{NewRule, Operations};
use serde::{Deserialize, Serialize};

/// A fault that is set at the server, as far as the commands print it in words; as JSON they print all of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetFault {
    pub(super) id: u64,
    pub(super) rule: String,
    pub(super) hits: u64,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

/// Parses a rule, and refuses one that every server would refuse.
pub(crate) fn parse_rule(text: &str) -> Result<NewRule, String> {
    let rule: NewRule = text.parse().map_err(|error| format!("{error}"))?;
    let operations = Operations::of_models().map_err(|error| error.to_string())?;
    rule.clone().check(&operations).map_err(|error| error.to_string())?;
    Ok(rule)
}
