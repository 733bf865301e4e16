//! Distribution tenants: domains and settings of their own on a multi-tenant distribution.

mod config;
mod customizations;
mod domain;
mod parameters;
mod template;

pub use config::{DistributionTenantConfig, ManagedCertificateRequest, complete};
pub use customizations::{Customizations, check_web_acl_arn};
pub use domain::check_domain;
pub use parameters::Parameter;
pub use template::Template;

#[cfg(test)]
mod tests;
