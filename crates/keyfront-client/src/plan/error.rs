//! Errors of plans.

use std::fmt;

use crate::key_text::key_text;

const LISTED_KEYS: usize = 50;

/// Wanted keys that are not under the prefix that is owned. `Display` is one line for each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderPrefix {
    /// The prefix.
    pub prefix: String,
    /// Every such key, in the order of their bytes.
    pub keys: Vec<String>,
}

impl fmt::Display for NotUnderPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = key_text(&self.prefix);
        for (index, key) in self.keys.iter().take(LISTED_KEYS).enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}the key {} is not under the prefix {prefix}", key_text(key))?;
        }
        match self.keys.len().saturating_sub(LISTED_KEYS) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more keys"),
        }
    }
}

impl std::error::Error for NotUnderPrefix {}

/// A plan that a store or a request has no room for. Nothing of it should be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The store would be over its limit when everything is written.
    #[error("the store would have {bytes} bytes; a store has at most {limit}")]
    Store {
        /// The size that it would have.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// One pair alone is larger than a request may be.
    #[error("the key {key} and its value have {bytes} bytes; a request has at most {limit}")]
    Request {
        /// The key, as it may be shown.
        key: String,
        /// What it would cost in a request.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
}
