//! The distribution whose invalidations a request is about.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;

use super::verbs::Owner;
use crate::context::Context;
use crate::control::distribution::NO_SUCH_DISTRIBUTION;
use crate::operation::{Members, Subject, text};

/// The distribution that the member `DistributionId` names, whether it exists or not.
pub(super) struct OfDistribution(Arn);

impl OfDistribution {
    pub(super) fn owner(self) -> Owner {
        Owner { arn: self.0, absent: NO_SUCH_DISTRIBUTION, path: "distribution" }
    }
}

impl Subject for OfDistribution {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        Ok(OfDistribution(Arn::new(account, ResourceKind::DISTRIBUTION, text(input, "DistributionId"))))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}
