//! Injects configured faults: after a request was authorized and checked, before its operation has any effect.

use std::time::Duration;

use keyfront_error::ServiceError;
use keyfront_wire::Operation;

use super::plane::Plane;
use super::refusals;
use super::{Api, Trace};
use crate::context::Caller;
use crate::faults::{InjectedError, OperationName};
use crate::{control, data};

/// The text of an error that a rule names by its code: what the service would say depends on the request.
const DECLARED: &str = "A fault that was set on purpose answers this request.";

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
        injection.error.map_or(Ok(()), |error| Err(trace.plane.injected(error, operation)))
    }
}

impl Plane {
    /// The answer that a fault gives in place of the operation's, in the service's own form.
    fn injected(self, error: InjectedError, operation: &Operation) -> ServiceError {
        match (error, self) {
            (InjectedError::Conflict, Plane::Data | Plane::Extensions) => data::stale(),
            (InjectedError::Conflict, Plane::Control | Plane::Query(_)) => {
                control::if_match::conflict(operation)
            }
            (InjectedError::Throttle, _) => refusals::throttled(),
            (InjectedError::InternalError, _) => self.internal_failure(),
            (InjectedError::Unavailable, _) => self.unavailable(),
            (InjectedError::Declared(code), _) => ServiceError::new(code, DECLARED),
        }
    }
}
