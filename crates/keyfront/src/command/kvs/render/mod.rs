//! Renders stores, plans and results of writes as text and as JSON.

pub(super) mod applied;
pub(super) mod plan;
pub(super) mod store;
#[cfg(test)]
mod tests;
pub(super) mod written;
