//! The log of requests: one event for each answer, with who asked, from where, for what, and what became of it.
//!
//! Requests that can change something are logged at `info`: together they are the audit log. All others are logged at
//! `debug`. An event names a resource and a key, never a value, and never a secret.

use std::time::Duration;

use http::{Method, StatusCode};
use tracing::{debug, info};

use super::Trace;
use super::plane::Plane;

/// The target of these events, for filters of logs.
pub const TARGET: &str = "keyfront_api::requests";

/// Logs an answer. `outcome` is `ok` or the name of an error.
pub(super) fn answered(
    method: &Method,
    trace: &Trace,
    status: StatusCode,
    outcome: &'static str,
    took: Duration,
) {
    let operation = trace.operation.unwrap_or("none");
    let (request_id, status) = (&trace.request_id, status.as_u16());
    let (resource, key) = (trace.resource.as_deref(), trace.key.as_deref());
    let (user, access_key_id) = (trace.user_arn.as_deref(), trace.access_key_id.as_deref());
    let from = trace.peer.ip.map(tracing::field::display);
    let took_ms = took.as_secs_f64() * 1000.0;
    // One macro cannot choose its level, and the fields are the same.
    macro_rules! log {
        ($level:ident) => {
            $level!(
                target: TARGET, %method, operation, resource, key, status, outcome, took_ms, from, user, access_key_id, request_id,
                "answered"
            )
        };
    }
    if can_change_something(method, trace.plane) {
        log!(info);
    } else {
        log!(debug);
    }
}

/// Whether a request can change what is kept, by its method: the models follow HTTP in that. STS and IAM answer
/// questions about the caller, whose method is POST.
fn can_change_something(method: &Method, plane: Plane) -> bool {
    !method.is_safe() && !matches!(plane, Plane::Query(_))
}
