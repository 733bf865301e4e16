//! The certificates that an operator declares, by what distributions name them by, and what is said of others.
//!
//! Certificates are another service's resources. A distribution names one by an ARN of ACM or an id of IAM; which DNS
//! names it is for can only be known here if it was declared.

use std::collections::BTreeMap;

use keyfront_domain::distribution::{Certificate, DistributionConfig, alias};
use keyfront_error::{Code, ServiceError};

/// Certificates by ARN of ACM or id of IAM.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    /// The DNS names that each is for.
    pub dns_names: BTreeMap<String, Vec<String>>,
    /// Whether a certificate that was not declared is accepted, for all names.
    pub accept_undeclared: bool,
}

const UNKNOWN: ServiceError = ServiceError::new(
    Code::InvalidViewerCertificate,
    "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid \
     certificate chain.",
);

const NOT_COVERED: ServiceError = ServiceError::new(
    Code::InvalidViewerCertificate,
    "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're \
     trying to add. For more details, see: \
     https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements",
);

impl Certificates {
    /// Refuses a certificate that is not there, or that is not for every alias.
    ///
    /// # Errors
    /// `InvalidViewerCertificate`.
    pub(crate) fn check(&self, config: &DistributionConfig) -> Result<(), ServiceError> {
        let (Certificate::Acm(id) | Certificate::Iam(id)) = config.certificate() else { return Ok(()) };
        self.check_known(id)?;
        if config.aliases().all(|alias| self.covers(id, alias)) { Ok(()) } else { Err(NOT_COVERED) }
    }

    /// Refuses a certificate that is not there, by its ARN of ACM or id of IAM.
    ///
    /// # Errors
    /// `InvalidViewerCertificate`.
    pub(crate) fn check_known(&self, id: &str) -> Result<(), ServiceError> {
        if self.accept_undeclared || self.dns_names.contains_key(id) { Ok(()) } else { Err(UNKNOWN) }
    }

    /// Whether a certificate is for a domain name, which may be a wildcard. Of one that was not declared nothing else is
    /// known.
    pub(crate) fn covers(&self, id: &str, name: &str) -> bool {
        let names = self.dns_names.get(id);
        names.is_none_or(|names| alias::is_covered(name, names.iter().map(String::as_str)))
    }
}
