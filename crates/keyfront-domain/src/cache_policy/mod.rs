//! Cache policies: what is in the cache key, and how long an object stays in the cache.

mod config;
mod managed;

pub use config::{CachePolicyConfig, complete};
pub use managed::{MANAGED, ManagedCachePolicy};

#[cfg(test)]
mod tests;
