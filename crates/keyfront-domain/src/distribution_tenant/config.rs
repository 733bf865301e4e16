//! A tenant's configuration.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Customizations, Parameter, check_domain};
use crate::Quotas;
use crate::counted::more_than;

/// A distribution tenant's configuration, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DistributionTenantConfig {
    /// The multi-tenant distribution that it is of.
    pub distribution_id: String,
    /// Unique in the account; it never changes.
    pub name: String,
    /// The domains that it answers for.
    pub domains: Vec<Domain>,
    /// Settings in place of the distribution's.
    pub customizations: Option<Customizations>,
    /// Values for the parameters of the distribution.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// How viewers connect to it; the account's default group where it is absent.
    pub connection_group_id: Option<String>,
    /// A certificate that the service is asked for.
    pub managed_certificate_request: Option<ManagedCertificateRequest>,
    /// Whether it answers viewers.
    pub enabled: bool,
}

/// A domain of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Domain {
    /// Its name.
    pub domain: String,
}

/// A request for a certificate that the service manages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ManagedCertificateRequest {
    /// Who serves the token that proves control of the domains: `cloudfront` or `self-hosted`.
    pub validation_token_host: String,
    /// The certificate's own name; the first domain where it is absent.
    pub primary_domain_name: Option<String>,
}

impl DistributionTenantConfig {
    /// The names of its domains.
    pub fn domain_names(&self) -> BTreeSet<String> {
        self.domains.iter().map(|domain| domain.domain.clone()).collect()
    }

    /// The certificate of its own, by its ARN in ACM.
    pub fn certificate_arn(&self) -> Option<&str> {
        let certificate = self.customizations.as_ref()?.certificate.as_ref()?;
        Some(&certificate.arn)
    }

    /// Refuses what cannot be a tenant, whatever its distribution is.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        if self.domains.is_empty() {
            return Err(ServiceError::required("Domains"));
        }
        if more_than(self.domains.len(), quotas.domains_per_distribution_tenant) {
            return Err(limit_exceeded());
        }
        self.domains.iter().try_for_each(|domain| check_domain(&domain.domain))?;
        if self.domain_names().len() < self.domains.len() {
            return Err(ServiceError::invalid("Domains"));
        }
        self.customizations.as_ref().map_or(Ok(()), Customizations::check)?;
        if more_than(self.parameters.len(), quotas.parameters_per_distribution_tenant) {
            return Err(limit_exceeded());
        }
        let names: BTreeSet<_> = self.parameters.iter().map(|parameter| &parameter.name).collect();
        if names.len() < self.parameters.len() {
            return Err(ServiceError::invalid("Parameters"));
        }
        let request = self.managed_certificate_request.as_ref();
        let primary = request.and_then(|request| request.primary_domain_name.as_ref());
        if primary.is_some_and(|name| !self.domain_names().contains(name)) {
            return Err(ServiceError::invalid("PrimaryDomainName"));
        }
        Ok(())
    }
}

fn limit_exceeded() -> ServiceError {
    ServiceError::new(Code::EntityLimitExceeded, "The entity limit has been exceeded.")
}

/// Adds what the service adds: a tenant is enabled unless it says otherwise, the places of a geographic restriction
/// are in order, and an empty id of a connection group means none.
pub fn complete(config: &mut Map<String, Value>) {
    config.entry("Enabled").or_insert(Value::Bool(true));
    if config.get("ConnectionGroupId").and_then(Value::as_str) == Some("") {
        config.remove("ConnectionGroupId");
    }
    let locations = config
        .get_mut("Customizations")
        .and_then(|customizations| customizations.get_mut("GeoRestrictions"))
        .and_then(|restrictions| restrictions.get_mut("Locations"))
        .and_then(Value::as_array_mut);
    if let Some(locations) = locations {
        locations.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
}
