//! A function's configuration.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::Runtime;
use crate::arn::KeyValueStoreArn;
use crate::{AccountId, Counted};

/// Most characters of a comment. The service states no limit; without one a list could not be answered.
const MAX_COMMENT: usize = 4096;

/// The configuration as its rules see it, by the model's names. What is kept and shown is what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FunctionConfig {
    /// What its owner says about it; it may be empty.
    pub comment: String,
    /// The runtime that the code is written for.
    pub runtime: Runtime,
    /// The key value stores that the code can read. Absent means none.
    pub key_value_store_associations: Option<Counted<KeyValueStoreAssociation>>,
}

/// A key value store that a function can read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KeyValueStoreAssociation {
    /// Its ARN.
    #[serde(rename = "KeyValueStoreARN")]
    pub key_value_store_arn: String,
}

impl FunctionConfig {
    /// Refuses a configuration that no function of the account can have, and gives the key value store that
    /// it names. Whether there is such a store is for the caller to find out.
    ///
    /// A function has at most one, and it needs the runtime 2.0 (AWS: "Amazon CloudFront `KeyValueStore`").
    ///
    /// # Errors
    /// `InvalidArgument`, naming the rule or the ARN.
    pub fn check(&self, account: AccountId) -> Result<Option<KeyValueStoreArn>, ServiceError> {
        if self.comment.chars().count() > MAX_COMMENT {
            let rule = format!("It must have at most {MAX_COMMENT} characters.");
            return Err(ServiceError::argument("Comment", &rule));
        }
        let Some(associations) = &self.key_value_store_associations else { return Ok(None) };
        let refused = |rule: &str| ServiceError::argument("KeyValueStoreAssociations", rule);
        // The operations of functions have no InconsistentQuantities among their errors.
        associations.check().map_err(|inconsistent| refused(inconsistent.message()))?;
        let association = match associations.items.as_slice() {
            [] => return Ok(None),
            [association] => association,
            [_, _, ..] => return Err(refused("A function can have at most one key value store.")),
        };
        match self.runtime {
            Runtime::Js1 => {
                Err(refused("A function with a key value store needs the runtime cloudfront-js-2.0."))
            }
            Runtime::Js2 => {
                let text = &association.key_value_store_arn;
                let arn: Option<KeyValueStoreArn> = text.parse().ok();
                arn.filter(|arn| arn.account == account).map(Some).ok_or_else(|| no_such_store(text))
            }
        }
    }
}

/// The refusal of a key value store that the account does not have.
pub fn no_such_store(arn: &str) -> ServiceError {
    ServiceError::argument("KeyValueStoreARN", &format!("The account has no key value store {arn}."))
}

/// The refusal of a key value store that is not ready: clients that create both look for these words and try again.
pub fn store_not_provisioned(arn: &str) -> ServiceError {
    let message = format!(
        "The KeyValueStoreAssociationArn {arn} cannot be associated before the resource is provisioned."
    );
    ServiceError::with(Code::InvalidArgument, message)
}
