//! What a request suffers because somebody wanted to see it: after it was authorized, before it does
//! anything.

use std::time::Duration;

use keyfront_wire::Operation;

use super::plane::Plane;
use super::{Api, Trace};
use crate::context::Caller;
use crate::error::ApiError;
use crate::faults::{OperationName, Refusal};
use crate::{control, data};

impl Api {
    /// Waits or refuses as the rules in force say, and marks an answer that is not to be sent.
    pub(super) async fn suffer(
        &self,
        operation: &Operation,
        caller: &Caller,
        trace: &mut Trace,
    ) -> Result<(), ApiError> {
        let name = OperationName { service: self.signing_name(trace.plane), operation: operation.name };
        let suffering = self.context.faults.meet(name, caller.account(), &trace.request_id);
        if suffering.latency > Duration::ZERO {
            tokio::time::sleep(suffering.latency).await;
        }
        trace.unanswered = suffering.unanswered;
        suffering.refusal.map_or(Ok(()), |refusal| Err(trace.plane.refuse_on_purpose(refusal, operation)))
    }
}

impl Plane {
    /// The answer that a fault gives in place of the operation's, in the service's own form.
    fn refuse_on_purpose(self, refusal: Refusal, operation: &Operation) -> ApiError {
        match (refusal, self) {
            (Refusal::Conflict, Plane::Data | Plane::Own) => data::stale(),
            (Refusal::Conflict, Plane::Control | Plane::Query(_)) => control::conflict(operation),
            (Refusal::Throttle, _) => self.throttled(),
            (Refusal::InternalError, _) => self.internal_failure().into(),
            (Refusal::Unavailable, _) => self.unavailable().into(),
        }
    }
}
