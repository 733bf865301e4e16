//! What the admin address answers about saved states.

use std::collections::BTreeMap;

use keyfront_store::saved_states::Contents;
use serde::{Deserialize, Serialize};

use super::name::StateName;

/// How many resources there are, by what ARNs call their kind, such as `distribution`.
pub(crate) type Resources = BTreeMap<String, u64>;

/// How many resources of each kind a state holds beside its stores.
pub(super) fn resources(contents: &Contents) -> Resources {
    contents.resources.iter().map(|(kind, count)| (kind.as_str().to_owned(), *count)).collect()
}

/// What a reset removed, and how much the server holds after it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResetReport {
    /// What is there now.
    #[serde(flatten)]
    pub(crate) now: StateReport,
    /// Key value stores of all accounts that there were before.
    pub(crate) stores_before: u64,
    /// Their pairs.
    pub(crate) pairs_before: u64,
    /// How many other resources there were of each kind.
    pub(crate) resources_before: Resources,
}

/// How much was saved or restored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StateReport {
    /// Key value stores of all accounts that the state holds.
    pub(crate) stores: u64,
    /// Their pairs.
    pub(crate) pairs: u64,
    /// Bytes of keys and values.
    pub(crate) bytes: u64,
    /// How many other resources there are of each kind.
    pub(crate) resources: Resources,
    /// How long it took.
    pub(crate) milliseconds: u64,
}

/// A saved state in a list.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListedState {
    /// Its name.
    pub(crate) name: StateName,
    /// What it holds; nothing when it cannot be used.
    #[serde(flatten)]
    pub(crate) summary: Option<StateSummary>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// How much a saved state holds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StateSummary {
    /// When it was saved, ISO 8601 in UTC.
    pub(crate) saved: String,
    /// Key value stores of all accounts.
    pub(crate) stores: u64,
    /// Their pairs.
    pub(crate) pairs: u64,
    /// Bytes of keys and values.
    pub(crate) bytes: u64,
    /// How many other resources there are of each kind.
    pub(crate) resources: Resources,
}
