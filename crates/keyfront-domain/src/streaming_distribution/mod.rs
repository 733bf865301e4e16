//! Streaming distributions, over RTMP: what their configurations may say. The service ended them in 2020 and keeps their
//! operations.

mod complete;

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::counted::more_than;
use crate::distribution::S3Hosts;
use crate::{Counted, Quotas, name};

pub use complete::complete;

/// Most characters of a comment (AWS: Values that you specify for an RTMP distribution).
const MAX_COMMENT: usize = 128;

/// What stands before the id of an origin access identity.
const IDENTITY_PATH: &str = "origin-access-identity/cloudfront/";

/// The refusal of an origin access identity that is not there.
pub const INVALID_IDENTITY: ServiceError = ServiceError::new(
    Code::InvalidOriginAccessIdentity,
    "The specified origin access identity does not exist or is not valid.",
);

/// `StreamingDistributionConfig`, by the model's names, after [`complete`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamingDistributionConfig {
    /// The reference of the request, unique in the account.
    pub caller_reference: String,
    /// Where media files come from.
    pub s3_origin: S3Origin,
    /// Alternate domain names.
    pub aliases: Counted<String>,
    /// A comment, perhaps an empty one.
    pub comment: String,
    /// Accounts that may sign URLs.
    pub trusted_signers: TrustedSigners,
    /// Whether viewers are served.
    pub enabled: bool,
}

/// `S3Origin`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct S3Origin {
    /// The host of a bucket.
    pub domain_name: String,
    /// The path of an origin access identity, or nothing.
    pub origin_access_identity: String,
}

/// `TrustedSigners`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrustedSigners {
    /// Whether URLs must be signed.
    pub enabled: bool,
    /// The accounts.
    #[serde(flatten)]
    pub accounts: Counted<String>,
}

impl StreamingDistributionConfig {
    /// Refuses what cannot be a streaming distribution. Where an operator has buckets, `hosts` knows; identities, buckets and accounts are not looked up here.
    ///
    /// # Errors
    /// `InvalidArgument`, `InconsistentQuantities`, `InvalidOriginAccessIdentity`, `TooManyStreamingDistributionCNAMEs`,
    /// `TooManyTrustedSigners` and `TrustedSignerDoesNotExist`.
    pub fn check(&self, quotas: &Quotas, hosts: &S3Hosts) -> Result<(), ServiceError> {
        name::check_caller_reference(&self.caller_reference)?;
        self.s3_origin.check(hosts)?;
        self.check_aliases(quotas)?;
        name::check_length("Comment", &self.comment, 0..=MAX_COMMENT)?;
        self.trusted_signers.check(quotas)
    }

    fn check_aliases(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        self.aliases.check()?;
        if more_than(self.aliases.items.len(), quotas.aliases_per_streaming_distribution) {
            return Err(ServiceError::new(
                Code::TooManyStreamingDistributionCNAMEs,
                "Your request contains more CNAMEs than are allowed per distribution.",
            ));
        }
        let valid = self.aliases.items.iter().all(|alias| {
            let name = alias.strip_prefix("*.").unwrap_or(alias);
            name::is_domain_name(name) && !alias.bytes().any(|b| b.is_ascii_uppercase())
        });
        if valid { Ok(()) } else { Err(ServiceError::invalid("Aliases")) }
    }

    /// Refuses a change of the origin's domain name or of the caller reference.
    ///
    /// # Errors
    /// `IllegalUpdate`.
    pub fn check_change(&self, after: &StreamingDistributionConfig) -> Result<(), ServiceError> {
        let same = self.caller_reference == after.caller_reference
            && self.s3_origin.domain_name == after.s3_origin.domain_name;
        if same {
            return Ok(());
        }
        Err(ServiceError::new(Code::IllegalUpdate, "You cannot update Origin or CallerReference."))
    }

    /// The id of the origin access identity that it uses.
    pub fn origin_access_identity(&self) -> Option<&str> {
        self.s3_origin.origin_access_identity.strip_prefix(IDENTITY_PATH)
    }
}

impl S3Origin {
    fn check(&self, hosts: &S3Hosts) -> Result<(), ServiceError> {
        if !hosts.is_bucket(&self.domain_name) {
            return Err(ServiceError::new(
                Code::InvalidArgument,
                "The parameter Origin DomainName does not refer to a valid S3 bucket.",
            ));
        }
        let identity = &self.origin_access_identity;
        let named = identity.strip_prefix(IDENTITY_PATH).is_some_and(|id| !id.is_empty());
        if identity.is_empty() || named { Ok(()) } else { Err(INVALID_IDENTITY) }
    }
}

impl TrustedSigners {
    fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        self.accounts.check()?;
        if self.enabled == self.accounts.items.is_empty() {
            return Err(ServiceError::invalid("TrustedSigners"));
        }
        if more_than(self.accounts.items.len(), quotas.trusted_signers_per_streaming_distribution) {
            return Err(ServiceError::new(
                Code::TooManyTrustedSigners,
                "Your request contains more trusted signers than are allowed per distribution.",
            ));
        }
        let is_account =
            |text: &String| text == "self" || (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()));
        if self.accounts.items.iter().all(is_account) {
            return Ok(());
        }
        Err(ServiceError::new(
            Code::TrustedSignerDoesNotExist,
            "One or more of your trusted signers don't exist.",
        ))
    }
}

/// `ActiveTrustedSigners` of a configuration, by the model's names. Key pairs of accounts are AWS's own; none are known
/// here.
pub fn active_trusted_signers(config: &Map<String, Value>) -> Value {
    let signers = config.get("TrustedSigners").and_then(|signers| signers.get("Items")?.as_array());
    let signer = |account: &Value| json!({ "AwsAccountNumber": account, "KeyPairIds": { "Quantity": 0 } });
    match signers.map(Vec::as_slice) {
        None | Some([]) => json!({ "Enabled": false, "Quantity": 0 }),
        Some(signers) => json!({
            "Enabled": true,
            "Quantity": signers.len(),
            "Items": signers.iter().map(signer).collect::<Vec<_>>(),
        }),
    }
}

#[cfg(test)]
mod tests;
