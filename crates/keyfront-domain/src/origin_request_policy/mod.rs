//! Origin request policies: what of a viewer's request CloudFront includes in its request to the origin.

mod config;
mod managed;

pub use config::{OriginRequestPolicyConfig, complete};
pub use managed::{MANAGED, ManagedOriginRequestPolicy};

#[cfg(test)]
mod tests;
