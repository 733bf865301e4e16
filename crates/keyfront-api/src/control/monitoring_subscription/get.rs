//! GetMonitoringSubscription: shows the subscription of a distribution.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;

use super::document::{Document, NAME, NO_SUCH_DISTRIBUTION, NO_SUCH_SUBSCRIPTION, OfDistribution};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

pub(super) struct GetMonitoringSubscription;

impl Operation for GetMonitoringSubscription {
    const NAME: &'static str = "GetMonitoringSubscription";
    type Subject = OfDistribution;
    type Input = Members;
    type Output = Document;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution, Code::NoSuchMonitoringSubscription]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        OfDistribution(arn): OfDistribution,
        _input: Members,
    ) -> Result<Document, ServiceError> {
        let mut distribution = resources::find(&*cx.engine, &arn).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
        let subscription = distribution.attached.remove(NAME).ok_or(NO_SUCH_SUBSCRIPTION)?;
        Ok(Document { monitoring_subscription: subscription })
    }
}
