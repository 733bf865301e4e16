//! The stages of a function.

use serde::{Deserialize, Serialize};

/// Where a version of a function stands (AWS: `FunctionStage`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Stage {
    /// What is created, changed and tested. It is meant where a request names no stage.
    #[default]
    Development,
    /// What was published, and runs at the edge.
    Live,
}

impl Stage {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Development => "DEVELOPMENT",
            Stage::Live => "LIVE",
        }
    }
}
