//! Response headers policies: which headers CloudFront adds to responses, and which it removes.

mod applied;
mod config;
mod cors;
mod custom;
mod managed;
mod security;

pub use applied::{
    AddedHeader, AllowedOrigin, AppliedCors, AppliedPolicy, CacheUse, CorsRequest, Edit, ServerTiming,
    Upstream,
};
pub use config::{ResponseHeadersPolicyConfig, ServerTimingHeadersConfig};
pub use cors::CorsConfig;
pub use custom::{CustomHeader, RemoveHeader};
pub use managed::{MANAGED, ManagedResponseHeadersPolicy};
pub use security::SecurityHeadersConfig;

#[cfg(test)]
mod tests;
