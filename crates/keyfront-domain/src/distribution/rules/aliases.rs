//! Rules of alternate domain names.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::super::alias;
use super::super::config::Certificate;
use super::super::finding::Findings;
use super::{CONFIG, DistributionConfig};

pub(super) fn check_names(config: &DistributionConfig, findings: &mut Findings) {
    let mut names = BTreeSet::new();
    for (index, name) in config.aliases().enumerate() {
        let place = &CONFIG.item("Aliases", index);
        if !alias::is_alias(name) {
            let refusal = ServiceError::new(
                Code::InvalidArgument,
                "The parameter CNAME contains one or more parameters that are not valid.",
            );
            findings.refuse_whole(place, refusal);
        } else if !names.insert(name) {
            findings.refuse_whole(place, ServiceError::not_unique("CNAME"));
        }
    }
}

/// CloudFront's own certificate does not cover any alias.
pub(super) fn check_certificate(config: &DistributionConfig, findings: &mut Findings) {
    if config.certificate() == Certificate::Default && config.aliases().next().is_some() {
        let refusal = ServiceError::new(
            Code::InvalidViewerCertificate,
            "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate \
             that validates your authorization to use the domain name. For more details, see: \
             https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements",
        );
        findings.refuse(CONFIG, "ViewerCertificate", refusal);
    }
}

impl DistributionConfig {
    /// Refuses an alias that a certificate with these DNS names does not cover.
    ///
    /// # Errors
    /// `InvalidViewerCertificate`.
    pub fn check_coverage(&self, dns_names: &[String]) -> Result<(), ServiceError> {
        let covered = |name| alias::is_covered(name, dns_names.iter().map(String::as_str));
        if self.aliases().all(covered) {
            return Ok(());
        }
        Err(ServiceError::new(
            Code::InvalidViewerCertificate,
            "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that \
             you're trying to add. For more details, see: \
             https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements",
        ))
    }
}
