//! Continuous deployment policies: which requests to a primary distribution a staging distribution answers.

mod session;

use keyfront_error::ServiceError;
use serde::Deserialize;

pub use session::{SESSION_COOKIE, Session};

use crate::{Counted, name};

/// The greatest share of requests that a staging distribution gets (AWS: ContinuousDeploymentSingleWeightConfig).
const MAX_WEIGHT: f64 = 0.15;

/// How long a viewer can stay with the distribution that it had first, in seconds (AWS: SessionStickinessConfig).
const SESSION_SECONDS: std::ops::RangeInclusive<i64> = 300..=3600;

/// How the header begins that leads requests to a staging distribution (AWS: ContinuousDeploymentSingleHeaderConfig).
const HEADER_PREFIX: &str = "aws-cf-cd-";

/// Most characters of that header's name, prefix included, and of its value (AWS: Quotas on headers).
const MAX_HEADER: usize = 256;
const MAX_VALUE: usize = 1783;

/// `ContinuousDeploymentPolicyConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContinuousDeploymentPolicyConfig {
    /// The domain name of the staging distribution: one.
    pub staging_distribution_dns_names: Counted<String>,
    /// Whether requests are led at all.
    pub enabled: bool,
    /// Which ones.
    pub traffic_config: Option<TrafficConfig>,
}

/// `TrafficConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrafficConfig {
    /// `SingleWeight` or `SingleHeader`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// A share of all requests.
    pub single_weight_config: Option<SingleWeightConfig>,
    /// Those with a header.
    pub single_header_config: Option<SingleHeaderConfig>,
}

/// `ContinuousDeploymentSingleWeightConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SingleWeightConfig {
    /// 0 to 0.15.
    pub weight: f64,
    /// Whether and how long a viewer stays with one distribution.
    pub session_stickiness_config: Option<SessionStickinessConfig>,
}

/// `SessionStickinessConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionStickinessConfig {
    /// Seconds without a request.
    #[serde(rename = "IdleTTL")]
    pub idle_ttl: i64,
    /// Seconds in all.
    #[serde(rename = "MaximumTTL")]
    pub maximum_ttl: i64,
}

/// `ContinuousDeploymentSingleHeaderConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SingleHeaderConfig {
    /// Its name, with the prefix.
    pub header: String,
    /// Its value.
    pub value: String,
}

impl ContinuousDeploymentPolicyConfig {
    /// Refuses what cannot be a continuous deployment policy. That the staging distribution is there is for others to
    /// check.
    ///
    /// # Errors
    /// `InvalidArgument` and `InconsistentQuantities`.
    pub fn check(&self) -> Result<(), ServiceError> {
        let names = &self.staging_distribution_dns_names;
        names.check()?;
        match names.items.as_slice() {
            [] => return Err(ServiceError::required("StagingDistributionDnsNames")),
            [_one] => {}
            _more => return Err(ServiceError::too_big("StagingDistributionDnsNames")),
        }
        self.traffic_config.as_ref().map_or(Ok(()), TrafficConfig::check)
    }

    /// The domain name of the staging distribution, as names are compared.
    pub fn staging_domain_name(&self) -> Option<&str> {
        self.staging_distribution_dns_names.items.first().map(String::as_str)
    }
}

impl TrafficConfig {
    /// The section of the type is there, and the other one is not.
    fn check(&self) -> Result<(), ServiceError> {
        match (self.kind.as_str(), &self.single_weight_config, &self.single_header_config) {
            ("SingleWeight", None, _) => Err(ServiceError::required("SingleWeightConfig")),
            ("SingleWeight", _, Some(_)) => Err(ServiceError::invalid("SingleHeaderConfig")),
            ("SingleHeader", _, None) => Err(ServiceError::required("SingleHeaderConfig")),
            ("SingleHeader", Some(_), _) => Err(ServiceError::invalid("SingleWeightConfig")),
            (_, Some(weight), None) => weight.check(),
            (_, None, Some(header)) => header.check(),
            // The model knows the types.
            (_, None, None) | (_, Some(_), Some(_)) => Err(ServiceError::invalid("Type")),
        }
    }
}

impl SingleWeightConfig {
    fn check(&self) -> Result<(), ServiceError> {
        // A number of 32 bits that says 0.15 is a little more than one of 64 bits.
        let most = MAX_WEIGHT + f64::from(f32::EPSILON);
        if !(0.0..=most).contains(&self.weight) {
            return Err(ServiceError::invalid("Weight"));
        }
        let Some(SessionStickinessConfig { idle_ttl, maximum_ttl }) = &self.session_stickiness_config else {
            return Ok(());
        };
        if !SESSION_SECONDS.contains(idle_ttl) || idle_ttl > maximum_ttl {
            return Err(ServiceError::invalid("IdleTTL"));
        }
        if SESSION_SECONDS.contains(maximum_ttl) { Ok(()) } else { Err(ServiceError::invalid("MaximumTTL")) }
    }
}

impl SingleHeaderConfig {
    fn check(&self) -> Result<(), ServiceError> {
        name::check_length("Header", &self.header, 1..=MAX_HEADER)?;
        let rest = self.header.get(HEADER_PREFIX.len()..).filter(|rest| !rest.is_empty());
        let prefixed = self.header.to_ascii_lowercase().starts_with(HEADER_PREFIX);
        if !prefixed || rest.is_none() {
            return Err(ServiceError::invalid("Header"));
        }
        name::check_length("Value", &self.value, 1..=MAX_VALUE)
    }
}

#[cfg(test)]
mod tests;
