//! The record of a function. Its code is not part of it, so that a list does not read code.

use keyfront_domain::function::Stage;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Document;

impl Document for FunctionRecord {}

/// A function with both its stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionRecord {
    /// Its name, unique in the account.
    pub name: String,
    /// What can be changed.
    pub development: StageRecord,
    /// What was published, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<StageRecord>,
    /// The version of `development` that was published last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<u64>,
}

/// One stage of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The configuration as it was sent, by the model's names: what was absent is absent.
    pub config: Map<String, Value>,
    /// The id of the key value store that the configuration names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<Uuid>,
    /// Milliseconds since the epoch: when the function, or this stage of it, was made.
    pub created_ms: i64,
    /// Milliseconds since the epoch: the last update of this stage.
    pub modified_ms: i64,
    /// Counts the changes of this stage, from 1. Its ETag is made of it.
    pub version: u64,
}

impl FunctionRecord {
    /// One of its stages; nothing for what was never published.
    pub fn stage(&self, stage: Stage) -> Option<&StageRecord> {
        match stage {
            Stage::Development => Some(&self.development),
            Stage::Live => self.live.as_ref(),
        }
    }

    /// Whether what can be changed is what was published.
    pub fn is_published(&self) -> bool {
        self.published == Some(self.development.version)
    }
}
