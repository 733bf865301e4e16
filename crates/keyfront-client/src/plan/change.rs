//! A change of one key, and what it costs.

use std::fmt;

use keyfront_domain::pairs::size;

/// What happens to one key. `Debug` shows sizes, never a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// The store does not have the key yet.
    Added {
        /// The value to put.
        value: &'a str,
    },
    /// The store has another value.
    Changed {
        /// The value that the store has.
        old: &'a str,
        /// The value to put.
        new: &'a str,
    },
    /// The store has the key and is not to have it.
    Removed {
        /// The value that the store has.
        old: &'a str,
    },
}

impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Added { value } => write!(f, "Added({} bytes)", value.len()),
            Change::Changed { old, new } => write!(f, "Changed({} to {} bytes)", old.len(), new.len()),
            Change::Removed { old } => write!(f, "Removed({} bytes)", old.len()),
        }
    }
}

/// A key and what happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedChange<'a> {
    /// The key.
    pub key: &'a str,
    /// What happens to it.
    pub change: Change<'a>,
}

impl<'a> PlannedChange<'a> {
    /// What the pair adds to a store's size before, in bytes.
    pub(super) fn bytes_before(&self) -> u64 {
        match self.change {
            Change::Added { .. } => 0,
            Change::Changed { old, .. } | Change::Removed { old } => size(self.key, old),
        }
    }

    /// What the pair adds to a store's size afterwards, in bytes.
    pub(super) fn bytes_after(&self) -> u64 {
        self.wanted().map_or(0, |value| size(self.key, value))
    }

    /// What the pair costs in a request, in bytes: a removal names the key alone.
    pub(super) fn bytes_sent(&self) -> u64 {
        size(self.key, self.wanted().unwrap_or_default())
    }

    /// The value to put; none for a removal.
    pub(super) fn wanted(&self) -> Option<&'a str> {
        match self.change {
            Change::Added { value } => Some(value),
            Change::Changed { new, .. } => Some(new),
            Change::Removed { .. } => None,
        }
    }
}
