//! Domains of tenants.

use keyfront_error::ServiceError;

use crate::distribution::alias::is_alias;

/// Refuses what no tenant can answer for. What can be an alias of a distribution can be a domain of a tenant.
pub fn check_domain(domain: &str) -> Result<(), ServiceError> {
    if is_alias(domain) { Ok(()) } else { Err(ServiceError::invalid("Domain")) }
}
