//! `expected.json`: the settings of a case and its expected result.

use std::collections::BTreeMap;

use keyfront_domain::function::Runtime;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What `expected.json` says. A member that is not here is a mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The runtime: `cloudfront-js-2.0` unless it is said.
    #[serde(default = "newest", deserialize_with = "runtime")]
    pub runtime: Runtime,
    /// The pairs of the associated key value store; absent when none is associated.
    #[serde(default)]
    pub store: Option<BTreeMap<String, String>>,
    /// The id of that store. Unless it is said, the store stands for whichever one the code names.
    #[serde(default)]
    pub store_id: Option<String>,
    /// The time of the invocation.
    #[serde(default)]
    pub now: Option<String>,
    /// What the function returns, as TestFunction's FunctionOutput.
    #[serde(default)]
    pub output: Option<Value>,
    /// The origin that the function chooses, as [`crate::event::OriginDecision::to_json`] has it; unless it is said, any is
    /// right.
    #[serde(default)]
    pub origin: Option<Value>,
    /// Whether the origin of the cache behavior has an enabled origin access control.
    #[serde(default)]
    pub origin_access_control: bool,
    /// The text with which an edge refuses what the function returns, where TestFunction lets it pass.
    #[serde(default)]
    pub edge_error: Option<String>,
    /// How it fails: the text after `… is invalid or could not run. `, or the whole text of a return value that
    /// is refused.
    #[serde(default)]
    pub error: Option<String>,
    /// How it fails, by its kind alone: the name of an error such as `TypeError`; `any`; or `invalid value` for a
    /// return value that is refused.
    #[serde(default)]
    pub error_class: Option<String>,
    /// The lines of its logs; unless they are said, any are right.
    #[serde(default)]
    pub logs: Option<Vec<String>>,
    /// What can confirm the expectation.
    #[serde(default)]
    pub oracle: Oracle,
    /// Why nothing can.
    #[serde(default)]
    pub why: Option<String>,
}

/// What, beside the facts about CloudFront, can confirm an expectation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Oracle {
    /// The `njs` command.
    #[default]
    Njs,
    /// Nothing.
    None,
}

/// What is to come of an invocation.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Expectation<'a> {
    /// This output.
    Output(&'a Value),
    /// A failure with this text.
    Error(&'a str),
    /// A failure whose text begins with this name of an error.
    ErrorClass(&'a str),
}

impl Expected {
    /// Whether it states exactly one expectation, and a reason where no oracle can confirm it.
    pub(super) fn check(&self) -> Result<(), String> {
        let said = [self.output.is_some(), self.error.is_some(), self.error_class.is_some()];
        if said.into_iter().filter(|said| *said).count() != 1 {
            return Err("it says exactly one of output, error and error_class".to_owned());
        }
        if self.oracle == Oracle::None && self.why.is_none() {
            return Err("a case with \"oracle\": \"none\" says why".to_owned());
        }
        Ok(())
    }

    /// What is to come.
    pub fn expectation(&self) -> Expectation<'_> {
        match (&self.output, &self.error, &self.error_class) {
            (Some(output), _, _) => Expectation::Output(output),
            (None, Some(error), _) => Expectation::Error(error),
            (None, None, class) => Expectation::ErrorClass(class.as_deref().unwrap_or_default()),
        }
    }
}

fn newest() -> Runtime {
    Runtime::Js2
}

fn runtime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Runtime, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
