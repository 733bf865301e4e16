//! CreateMonitoringSubscription: subscribes to the additional metrics of a distribution.

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};
use serde_json::Value;

use super::document::{self, Document, NAME, NO_SUCH_DISTRIBUTION, OfDistribution};
use crate::context::{Caller, Context};
use crate::operation::Operation;

const ALREADY_EXISTS: ServiceError = ServiceError::new(
    Code::MonitoringSubscriptionAlreadyExists,
    "A monitoring subscription already exists for this distribution",
);

pub(super) struct CreateMonitoringSubscription;

impl Operation for CreateMonitoringSubscription {
    const NAME: &'static str = "CreateMonitoringSubscription";
    type Subject = OfDistribution;
    type Input = Document;
    type Output = Document;

    fn errors() -> Vec<Code> {
        vec![Code::MonitoringSubscriptionAlreadyExists, Code::NoSuchDistribution]
    }

    /// A subscription that is `Disabled` is answered and not made, as the service does.
    async fn run(
        cx: &Context,
        _caller: &Caller,
        OfDistribution(arn): OfDistribution,
        input: Document,
    ) -> Result<Document, ServiceError> {
        let (arn, subscription) = (&arn, &input.monitoring_subscription);
        let config = subscription.get("RealtimeMetricsSubscriptionConfig");
        let config = config.ok_or_else(|| ServiceError::required("RealtimeMetricsSubscriptionConfig"))?;
        let enabled =
            config.get("RealtimeMetricsSubscriptionStatus").and_then(Value::as_str) == Some("Enabled");
        let created = transact(&*cx.engine, |tx| async move {
            let distribution = resources::get(&tx, arn).await?.ok_or(NO_SUCH_DISTRIBUTION)?;
            if distribution.attached.contains_key(NAME) {
                return Err(ALREADY_EXISTS);
            }
            if enabled {
                let attached = resources::attach(&tx, arn, NAME, Some(subscription.clone())).await;
                attached.map_err(document::aborted)?;
            }
            Ok(())
        });
        created.await?;
        Ok(input)
    }
}
