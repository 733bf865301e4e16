//! From a request that has its response to its record, which the end of the response completes.

use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, Response};

use super::viewer_body::ViewerBody;
use super::{Exchange, Place};
use crate::Edge;
use crate::answer::ResultType;
use crate::record::{Destinations, Ending, OriginExchange, Record};

/// Lets the end of a response complete its record.
pub(super) fn record(
    edge: &Edge,
    exchange: Exchange,
    place: Option<&Place>,
    (result, detail): (ResultType, Option<&'static str>),
    response: &mut Response<ViewerBody>,
) {
    let head_bytes = |headers: &HeaderMap| -> usize {
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
    };
    let bytes = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    // What HEAD is answered has the length of a body that is not sent.
    let has_body = exchange.sent.method != Method::HEAD;
    let length = response.headers().get(CONTENT_LENGTH).filter(|_| has_body);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    let sent_length = exchange.sent.headers.get(CONTENT_LENGTH);
    let sent_length = sent_length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let query = exchange.sent.query.as_ref().map_or(0, |query| query.len() + 1);
    let target = exchange.sent.path.len() + query;
    let line = exchange.sent.method.as_str().len() + target + "  HTTP/1.1\r\n\r\n".len();
    let received_bytes = bytes(line + head_bytes(&exchange.sent.headers));
    let trace = exchange.trace;
    let mut destinations = Destinations::default();
    if let Some(place) = place.filter(|_| edge.recorder().writes_logs()) {
        destinations.standard.clone_from(&place.distribution.standard_log);
        destinations.realtime = place.behavior().and_then(|behavior| behavior.realtime_log.clone());
    }
    let is_logged = destinations.standard.is_some() || destinations.realtime.is_some();
    let record = Record {
        ended_ms: 0,
        took: Duration::ZERO,
        first_byte: None,
        viewer: exchange.viewer,
        request: exchange.sent,
        received_bytes: received_bytes.saturating_add(sent_length.unwrap_or_default()),
        request_id: exchange.id,
        location: edge.location(),
        distribution: place.map(|place| Arc::clone(&place.distribution.recorded)),
        primary: exchange.primary,
        behavior: place.and_then(Place::behavior).map(|behavior| Arc::clone(&behavior.pattern)),
        status: response.status().as_u16(),
        response_headers: if is_logged { response.headers().clone() } else { HeaderMap::new() },
        sent_bytes: bytes("HTTP/1.1 200 OK\r\n\r\n".len() + head_bytes(response.headers())),
        result,
        response_result: result,
        detail,
        encryption: exchange.encryption,
        origin: trace
            .origin
            .filter(|_| result != ResultType::Hit)
            .map(|id| OriginExchange { id, times: exchange.origin_times }),
        function: trace.viewer_request.or(trace.viewer_response),
        why: trace.refused.or(trace.origin_failure),
    };
    let parts = (edge.recorder().clone(), edge.clock(), exchange.began);
    let ending = Ending::new((record, destinations), length, parts);
    response.body_mut().ends_with(ending);
}
