//! What is counted, and the monotonic clock.
//!
//! The registry is a value, not a global, so every server has its own. Names follow Prometheus's
//! conventions; labels are the names of operations and error codes, never anything that a client chose.

use std::time::{Duration, Instant};

use keyfront_store::Stats;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

/// A request by its operation and what became of it.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Served {
    operation: String,
    outcome: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    operation: String,
}

/// The figures of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Served, Counter>,
    latency: Family<Named, Histogram>,
    store: StoreGauges,
}

/// Gauges that are set from the engine's figures whenever somebody looks.
#[derive(Default)]
struct StoreGauges {
    commits: Gauge,
    conflicts: Gauge,
    failures: Gauge,
    groups: Gauge,
    largest_group: Gauge,
    queued: Gauge,
    bytes: Gauge,
}

/// A running measurement.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the monotonic clock")]
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("keyfront");
        let requests = Family::default();
        registry.register("requests", "Requests by operation and outcome", requests.clone());
        let latency = Family::<Named, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register_with_unit("request_duration", "Time to answer", Unit::Seconds, latency.clone());
        let store = StoreGauges::default();
        registry.register("store_commits", "Batches committed", store.commits.clone());
        registry.register("store_conflicts", "Batches whose checks did not hold", store.conflicts.clone());
        registry.register("store_failures", "Batches that storage refused", store.failures.clone());
        registry.register("store_groups", "Groups of batches made durable together", store.groups.clone());
        registry.register("store_largest_group", "Most batches in one group", store.largest_group.clone());
        registry.register("store_queued", "Batches that wait now", store.queued.clone());
        registry.register_with_unit("store_size", "Space on disk", Unit::Bytes, store.bytes.clone());
        Metrics { registry, requests, latency, store }
    }
}

impl Metrics {
    /// Counts an answered request.
    pub(crate) fn served(&self, operation: &str, outcome: &str, took: Duration) {
        let served = Served { operation: operation.to_owned(), outcome: outcome.to_owned() };
        self.requests.get_or_create(&served).inc();
        let named = Named { operation: operation.to_owned() };
        self.latency.get_or_create(&named).observe(took.as_secs_f64());
    }

    /// All figures in the Prometheus text format.
    pub fn render(&self, stats: &Stats) -> String {
        let set = |gauge: &Gauge, value: u64| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        set(&self.store.commits, stats.commits);
        set(&self.store.conflicts, stats.conflicts);
        set(&self.store.failures, stats.failures);
        set(&self.store.groups, stats.groups);
        set(&self.store.largest_group, stats.largest_group);
        set(&self.store.queued, stats.queued);
        set(&self.store.bytes, stats.disk_bytes);
        let mut text = String::new();
        // Writing to a String cannot fail.
        encode(&mut text, &self.registry).ok();
        text
    }
}
