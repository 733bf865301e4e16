//! Origin access identities: users of S3 that stand for distributions.

use keyfront_error::ServiceError;
use serde::Deserialize;
use uuid::Uuid;

use crate::name;

/// Most characters of a comment (AWS: CloudFrontOriginAccessIdentityConfig).
const MAX_COMMENT: usize = 128;

/// `CloudFrontOriginAccessIdentityConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OriginAccessIdentityConfig {
    /// The reference of the request, unique in the account.
    pub caller_reference: String,
    /// A comment, perhaps an empty one.
    pub comment: String,
}

impl OriginAccessIdentityConfig {
    /// Refuses what cannot be an origin access identity.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the member.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_caller_reference(&self.caller_reference)?;
        name::check_length("Comment", &self.comment, 0..=MAX_COMMENT)
    }

    /// Refuses a change of anything but the comment.
    ///
    /// # Errors
    /// `IllegalUpdate`.
    pub fn check_change(&self, after: &OriginAccessIdentityConfig) -> Result<(), ServiceError> {
        if self.caller_reference == after.caller_reference {
            Ok(())
        } else {
            Err(ServiceError::ILLEGAL_UPDATE)
        }
    }
}

/// A fresh id of a user of S3: 96 hexadecimal digits, as the service's own have.
pub fn canonical_user_id(random: &mut dyn FnMut() -> Uuid) -> String {
    (0..3).map(|_| random().simple().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_has_a_reference_and_a_comment_of_which_the_comment_can_change() {
        let identity = |reference: &str, comment: &str| OriginAccessIdentityConfig {
            caller_reference: reference.to_owned(),
            comment: comment.to_owned(),
        };
        let (long, longer) = ("ü".repeat(128), "ü".repeat(129));
        for (config, refusal) in [
            (identity("r", ""), None),
            (identity("r", &long), None),
            (identity("r", &longer), Some("InvalidArgument: The parameter Comment is too big.")),
            (identity("", "c"), Some("InvalidArgument: The parameter CallerReference is required.")),
        ] {
            let refused = config.check().err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), refusal, "{config:?}");
        }
        let before = identity("r", "c");
        assert_eq!(before.check_change(&identity("r", "other")), Ok(()));
        assert_eq!(before.check_change(&identity("s", "c")), Err(ServiceError::ILLEGAL_UPDATE));
    }

    #[test]
    fn a_canonical_user_id_is_96_digits_that_no_other_identity_has() {
        let mut number = 0;
        let mut next = || {
            let id = canonical_user_id(&mut || {
                number += 1;
                Uuid::from_u128(number)
            });
            assert_eq!(id.len(), 96);
            assert!(id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{id}");
            id
        };
        assert_ne!(next(), next());
    }
}
