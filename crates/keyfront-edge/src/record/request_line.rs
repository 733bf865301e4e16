//! The line for a developer: what became of a viewer request, as an event of `tracing`.
//!
//! It has no query string: signatures are in there.

use super::Record;

/// The target of the events. They are at the level `debug`.
pub const REQUEST_LOG: &str = "keyfront_edge::requests";

/// Whether there is such a line for anyone.
pub(super) fn is_told() -> bool {
    tracing::enabled!(target: REQUEST_LOG, tracing::Level::DEBUG)
}

/// Tells what became of a request.
pub(super) fn tell(record: &Record) {
    tracing::debug!(
        target: REQUEST_LOG,
        method = %record.request.method,
        host = record.request.host,
        path = record.request.path,
        status = record.status,
        distribution = record.distribution.as_ref().map_or("", |known| known.id.as_str()),
        behavior = record.behavior.as_deref().unwrap_or_default(),
        result = record.detailed_result(),
        function = record.function.as_deref().unwrap_or_default(),
        origin = record.origin.as_ref().map_or("", |origin| origin.id.as_str()),
        bytes = record.sent_bytes,
        took_ms = record.took.as_secs_f64() * 1000.0,
        why = record.why.as_deref().unwrap_or_default(),
        "viewer request answered"
    );
}
