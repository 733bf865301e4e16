//! Notes the end of a response, whether it was read to its end or the viewer left.

use std::sync::Arc;
use std::time::Instant;

use super::{Destinations, Record, Recorder};
use crate::answer::ResultType;
use crate::cache::Clock;

/// Completes a record and hands it over when it is dropped.
pub(crate) struct Ending {
    pending: Option<Box<Pending>>,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    began: Instant,
}

struct Pending {
    record: Record,
    destinations: Destinations,
    /// The length of the body, if the response says it.
    length: Option<u64>,
    body_bytes: u64,
    is_complete: bool,
    /// Why the body ended before its end, by the words of the logs.
    broken: Option<&'static str>,
}

impl Ending {
    /// Begins to wait for the end of a response whose head is known. The record's times count from `began`.
    pub(crate) fn new(
        (mut record, destinations): (Record, Destinations),
        length: Option<u64>,
        (recorder, clock, began): (Recorder, Arc<dyn Clock>, Instant),
    ) -> Ending {
        record.first_byte = Some(began.elapsed());
        let pending =
            Pending { record, destinations, length, body_bytes: 0, is_complete: false, broken: None };
        Ending { pending: Some(Box::new(pending)), recorder, clock, began }
    }

    /// Counts bytes that were handed to the transport.
    pub(crate) fn sent(&mut self, bytes: usize) {
        if let Some(pending) = &mut self.pending {
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            pending.body_bytes = pending.body_bytes.saturating_add(bytes);
        }
    }

    /// Notes that there is no more of the body, and why. The viewer sees the connection break.
    pub(crate) fn broke_off(&mut self, detail: &'static str) {
        if let Some(pending) = &mut self.pending {
            pending.broken = Some(detail);
        }
    }

    /// Notes that there is nothing more to send.
    pub(crate) fn complete(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.is_complete = true;
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let Pending { mut record, destinations, length, body_bytes, is_complete, broken } = *pending;
        record.took = self.began.elapsed();
        record.ended_ms = self.clock.now_ms();
        record.sent_bytes = record.sent_bytes.saturating_add(body_bytes);
        // Transports do not ask for the end of a body whose length they know.
        let viewer_left = !is_complete && length.is_some_and(|length| body_bytes < length);
        if let Some(detail) = broken.or(viewer_left.then_some("ClientCommError")) {
            record.result = ResultType::Error;
            record.detail = record.detail.or(Some(detail));
        }
        self.recorder.record(record, destinations);
    }
}
