//! The real-time log configuration that a request names.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};

use super::document::KIND;
use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// The configuration that `Name` names, or `ARN` where there is no name, whether it exists or not.
pub(super) struct NameOrArn {
    given_arn: String,
    arn: Option<Arn>,
}

impl NameOrArn {
    /// The ARN; the refusal of a request that has neither a name nor an ARN of such a configuration.
    pub(super) fn into_arn(self) -> Result<Arn, ServiceError> {
        match self.arn {
            Some(arn) => Ok(arn),
            None if self.given_arn.is_empty() => {
                Err(ServiceError::new(Code::InvalidArgument, "Either Name or ARN must be given."))
            }
            None => Err(ServiceError::invalid("ARN")),
        }
    }
}

impl Subject for NameOrArn {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let given_arn = text(input, "ARN").to_owned();
        let arn = match text(input, "Name") {
            "" => given_arn.parse().ok().filter(|arn: &Arn| arn.kind() == KIND),
            name => Some(Arn::new(account, KIND, name)),
        };
        Ok(NameOrArn { given_arn, arn })
    }

    fn arn(&self) -> Cow<'_, str> {
        match &self.arn {
            Some(arn) => Cow::Owned(arn.to_string()),
            None => Cow::Borrowed(&self.given_arn),
        }
    }
}
