//! The end of a response, whether it was read to its end or the viewer left: the request is counted, and recorded where
//! that is asked for.
//!
//! Most edges write no logs, and then the record of a request is never made: what is needed for it stays with the request.

use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, Response};

use super::{Exchange, Place};
use crate::Edge;
use crate::answer::ResultType;
use crate::record::{Counted, Destinations, OriginExchange, Record, Recorder};

/// Counts and records a request when it is dropped.
pub(crate) struct Ending(Option<Box<Pending>>);

struct Pending {
    edge: Edge,
    exchange: Box<Exchange>,
    place: Option<Place>,
    status: u16,
    result: ResultType,
    detail: Option<&'static str>,
    /// The length of the body, if the response says it.
    length: Option<u64>,
    /// Bytes of the response's line and headers.
    head_bytes: usize,
    body_bytes: u64,
    is_complete: bool,
    /// Why the body ended before its end, by the words of the logs.
    broken: Option<&'static str>,
    /// What a record needs beside that, where one is asked for.
    recorded: Option<Recorded>,
}

struct Recorded {
    destinations: Destinations,
    response_headers: HeaderMap,
    first_byte: Duration,
}

/// What happens at the end of a response that begins so.
pub(super) fn of_response<B>(
    edge: &Edge,
    exchange: Box<Exchange>,
    place: Option<Place>,
    (result, detail): (ResultType, Option<&'static str>),
    response: &Response<B>,
) -> Ending {
    // What HEAD is answered has the length of a body that is not sent.
    let has_body = exchange.sent.method != Method::HEAD;
    let length = response.headers().get(CONTENT_LENGTH).filter(|_| has_body);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    let destinations = destinations(edge, place.as_ref());
    let recorded = Recorder::wants_record(&destinations).then(|| {
        let is_logged = destinations.standard.is_some() || destinations.realtime.is_some();
        let response_headers = if is_logged { response.headers().clone() } else { HeaderMap::new() };
        Recorded { destinations, response_headers, first_byte: exchange.began.elapsed() }
    });
    let pending = Pending {
        edge: edge.clone(),
        status: response.status().as_u16(),
        head_bytes: "HTTP/1.1 200 OK\r\n\r\n".len() + header_bytes(response.headers()),
        exchange,
        place,
        result,
        detail,
        length,
        body_bytes: 0,
        is_complete: false,
        broken: None,
        recorded,
    };
    Ending(Some(Box::new(pending)))
}

/// The logs that want a request, where logs are written.
fn destinations(edge: &Edge, place: Option<&Place>) -> Destinations {
    let Some(place) = place.filter(|_| edge.recorder().writes_logs()) else { return Destinations::default() };
    Destinations {
        standard: place.distribution.standard_log.clone(),
        realtime: place.behavior().and_then(|behavior| behavior.realtime_log.clone()),
    }
}

/// Bytes of headers as HTTP/1.1 writes them.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}

impl Ending {
    /// Counts bytes that were handed to the transport.
    pub(super) fn sent(&mut self, bytes: usize) {
        if let Some(pending) = &mut self.0 {
            pending.body_bytes = pending.body_bytes.saturating_add(length_of(bytes));
        }
    }

    /// Notes that the body broke off, and why. The viewer sees the connection break.
    pub(super) fn broke_off(&mut self, detail: &'static str) {
        if let Some(pending) = &mut self.0 {
            pending.broken = Some(detail);
        }
    }

    /// Notes that there is nothing more to send.
    pub(super) fn complete(&mut self) {
        if let Some(pending) = &mut self.0 {
            pending.is_complete = true;
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(pending) = self.0.take() {
            pending.end();
        }
    }
}

impl Pending {
    fn end(mut self: Box<Self>) {
        // Transports do not ask for the end of a body whose length they know.
        let viewer_left = !self.is_complete && self.length.is_some_and(|length| self.body_bytes < length);
        let response_result = self.result;
        if let Some(detail) = self.broken.or(viewer_left.then_some("ClientCommError")) {
            self.result = ResultType::Error;
            self.detail = self.detail.or(Some(detail));
        }
        let counted = Counted {
            result: self.result,
            status: self.status,
            received_bytes: self.received_bytes(),
            sent_bytes: length_of(self.head_bytes).saturating_add(self.body_bytes),
        };
        self.edge.recorder().count(&counted);
        if let Some(recorded) = self.recorded.take() {
            self.record(&counted, response_result, recorded);
        }
    }

    /// Bytes of the request: line, headers and body.
    fn received_bytes(&self) -> u64 {
        let sent = &self.exchange.sent;
        let body = sent.headers.get(CONTENT_LENGTH);
        let body = body.and_then(|length| length.to_str().ok()?.parse::<u64>().ok()).unwrap_or_default();
        let target = sent.path.len() + sent.query.as_ref().map_or(0, |query| query.len() + 1);
        let line = sent.method.as_str().len() + target + "  HTTP/1.1\r\n\r\n".len();
        length_of(line + header_bytes(&sent.headers)).saturating_add(body)
    }

    fn record(self, counted: &Counted, response_result: ResultType, recorded: Recorded) {
        let Recorded { destinations, response_headers, first_byte } = recorded;
        let Pending { edge, exchange, place, detail, .. } = self;
        let Exchange { id, began, viewer, sent, encryption, primary, origin_times, trace, .. } = *exchange;
        let record = Record {
            ended_ms: edge.clock().now_ms(),
            took: began.elapsed(),
            first_byte: Some(first_byte),
            viewer,
            request: Arc::unwrap_or_clone(sent),
            received_bytes: counted.received_bytes,
            request_id: str::to_owned(&id),
            location: edge.location(),
            distribution: place.as_ref().map(|place| Arc::clone(&place.distribution.recorded)),
            primary,
            behavior: place.as_ref().and_then(Place::behavior).map(|behavior| Arc::clone(&behavior.pattern)),
            status: counted.status,
            response_headers,
            sent_bytes: counted.sent_bytes,
            result: counted.result,
            response_result,
            detail,
            encryption,
            origin: trace
                .origin
                .filter(|_| response_result != ResultType::Hit)
                .map(|id| OriginExchange { id, times: origin_times }),
            function: trace.viewer_request.or(trace.viewer_response),
            why: trace.refused.or(trace.origin_failure),
        };
        edge.recorder().record(record, destinations);
    }
}

fn length_of(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
