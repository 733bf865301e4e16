//! Where a subscription is, and what is refused about it.

use std::borrow::Cow;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Abort;
use keyfront_store::resources::Refused;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::Context;
pub(super) use crate::control::distribution::NO_SUCH_DISTRIBUTION;
use crate::error;
use crate::operation::{Members, Subject, text};

/// What the document is called, in the model and at its distribution.
pub(super) const NAME: &str = "MonitoringSubscription";

pub(super) const NO_SUCH_SUBSCRIPTION: ServiceError = ServiceError::new(
    Code::NoSuchMonitoringSubscription,
    "A monitoring subscription does not exist for the specified distribution.",
);

/// A subscription, in a request and in an answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document {
    pub(super) monitoring_subscription: Value,
}

/// The distribution that the member `DistributionId` names, whether it exists or not.
pub(super) struct OfDistribution(pub(super) Arn);

impl Subject for OfDistribution {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let id = text(input, "DistributionId");
        Ok(OfDistribution(Arn::new(account, ResourceKind::DISTRIBUTION, id)))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

/// Why the store did nothing.
pub(super) fn aborted(abort: Abort<Refused>) -> ServiceError {
    error::aborted(abort, |refused| {
        if refused == Refused::Absent {
            NO_SUCH_DISTRIBUTION
        } else {
            ServiceError::internal(format!("a monitoring subscription does not expect {refused:?}"))
        }
    })
}
