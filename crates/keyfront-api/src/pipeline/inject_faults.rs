//! Injects configured faults: after a request was authorized and checked, before its operation has any effect.

use std::time::Duration;

use keyfront_error::ServiceError;
use keyfront_wire::Operation;

use super::plane::Plane;
use super::refusals;
use super::{Api, Trace};
use crate::context::Caller;
use crate::faults::{OperationName, Refusal};
use crate::{control, data};

impl Api {
    /// Adds latency or refuses as the rules in force say, and marks an answer that is not to be sent.
    pub(super) async fn inject_faults(
        &self,
        operation: &Operation,
        caller: &Caller,
        trace: &mut Trace,
    ) -> Result<(), ServiceError> {
        let name = OperationName { service: self.signing_name(trace.plane), operation: operation.name };
        let injection = self.context.faults.choose(name, caller.account(), &trace.request_id);
        if injection.latency > Duration::ZERO {
            tokio::time::sleep(injection.latency).await;
        }
        trace.unanswered = injection.unanswered;
        injection.refusal.map_or(Ok(()), |refusal| Err(trace.plane.refuse_on_purpose(refusal, operation)))
    }
}

impl Plane {
    /// The answer that a fault gives in place of the operation's, in the service's own form.
    fn refuse_on_purpose(self, refusal: Refusal, operation: &Operation) -> ServiceError {
        match (refusal, self) {
            (Refusal::Conflict, Plane::Data | Plane::Extensions) => data::stale(),
            (Refusal::Conflict, Plane::Control | Plane::Query(_)) => control::if_match::conflict(operation),
            (Refusal::Throttle, _) => refusals::throttled(),
            (Refusal::InternalError, _) => self.internal_failure(),
            (Refusal::Unavailable, _) => self.unavailable(),
        }
    }
}
