//! Figures of origins, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use super::exchange::OriginFailure;

/// The kinds of failures, in the order in which they are counted.
const KINDS: [&str; 8] =
    ["resolve", "forbidden", "connect", "timeout", "tls", "broken", "overloaded", "not_reachable_here"];

/// Counts from the start of the process.
#[derive(Default)]
pub(super) struct Figures {
    requests: AtomicU64,
    connections: AtomicU64,
    reused: AtomicU64,
    retries: AtomicU64,
    failovers: AtomicU64,
    failures: [AtomicU64; KINDS.len()],
}

/// Figures of all origins, from the start of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginFigures {
    /// Requests to origins; one with a failover counts twice.
    pub requests: u64,
    /// Connections that were made.
    pub connections: u64,
    /// Requests on connections that had carried one before.
    pub reused: u64,
    /// Requests that were sent again to the same origin.
    pub retries: u64,
    /// Requests that the second origin of a group got.
    pub failovers: u64,
    /// Failures by kind, such as `connect` and `timeout`.
    pub failures: Vec<(&'static str, u64)>,
    /// Servers that were asked in the last minutes.
    pub peers: Vec<PeerFigures>,
}

/// Connections and requests to one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerFigures {
    /// Host and port.
    pub peer: String,
    /// Connections that wait for a request.
    pub idle: usize,
    /// Requests under way.
    pub under_way: usize,
    /// Requests; from nothing again after some minutes without one.
    pub requests: u64,
    /// How many of them got no answer.
    pub failures: u64,
}

impl Figures {
    pub(super) fn requested(&self) {
        add(&self.requests);
    }

    pub(super) fn connected(&self) {
        add(&self.connections);
    }

    pub(super) fn reused(&self) {
        add(&self.reused);
    }

    pub(super) fn retried(&self) {
        add(&self.retries);
    }

    pub(super) fn failed_over(&self) {
        add(&self.failovers);
    }

    pub(super) fn failed(&self, failure: &OriginFailure) {
        let kind = kind(failure);
        let counters = KINDS.iter().zip(&self.failures);
        counters.filter(|(name, _)| **name == kind).for_each(|(_, counter)| add(counter));
    }

    pub(super) fn now(&self, peers: Vec<PeerFigures>) -> OriginFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        OriginFigures {
            requests: read(&self.requests),
            connections: read(&self.connections),
            reused: read(&self.reused),
            retries: read(&self.retries),
            failovers: read(&self.failovers),
            failures: KINDS
                .iter()
                .zip(&self.failures)
                .map(|(name, counter)| (*name, read(counter)))
                .collect(),
            peers,
        }
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn kind(failure: &OriginFailure) -> &'static str {
    match failure {
        OriginFailure::Resolve(_) => "resolve",
        OriginFailure::Forbidden { .. } => "forbidden",
        OriginFailure::Connect(..) => "connect",
        OriginFailure::ConnectTimeout(_) | OriginFailure::Timeout(_) => "timeout",
        OriginFailure::Tls(..) => "tls",
        OriginFailure::Broken(..) => "broken",
        OriginFailure::Overloaded(_) => "overloaded",
        OriginFailure::NotReachableHere(_) => "not_reachable_here",
    }
}
