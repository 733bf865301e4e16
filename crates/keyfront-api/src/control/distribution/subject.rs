//! The distribution that a request is about, where it has another name than `Id`.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;

use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// The members that name a distribution. No request has two of them.
const MEMBERS: [&str; 3] = ["DistributionId", "PrimaryDistributionId", "TargetDistributionId"];

/// The distribution that one of these members names, whether it exists or not.
pub(in crate::control) struct OfDistribution(Arn);

impl OfDistribution {
    /// Its ARN.
    pub(in crate::control) fn into_arn(self) -> Arn {
        self.0
    }
}

impl Subject for OfDistribution {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let member = MEMBERS.into_iter().find(|member| input.contains_key(*member)).unwrap_or_default();
        Ok(OfDistribution(Arn::new(account, ResourceKind::DISTRIBUTION, text(input, member))))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}
