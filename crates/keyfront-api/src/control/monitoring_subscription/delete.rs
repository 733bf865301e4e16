//! DeleteMonitoringSubscription: ends the subscription of a distribution.

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};

use super::document::{self, NAME, NO_SUCH_SUBSCRIPTION, OfDistribution};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

pub(super) struct DeleteMonitoringSubscription;

impl Operation for DeleteMonitoringSubscription {
    const NAME: &'static str = "DeleteMonitoringSubscription";
    type Subject = OfDistribution;
    type Input = Members;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution, Code::NoSuchMonitoringSubscription]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        OfDistribution(arn): OfDistribution,
        _input: Members,
    ) -> Result<(), ServiceError> {
        let arn = &arn;
        let deleted = transact(&*cx.engine, |tx| async move {
            let ended = resources::attach(&tx, arn, NAME, None).await.map_err(document::aborted)?;
            ended.map(drop).ok_or(NO_SUCH_SUBSCRIPTION)
        });
        deleted.await
    }
}
