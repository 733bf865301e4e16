//! What is counted, and the monotonic clock.
//!
//! The registry is a value, not a global, so every server has its own. Names follow Prometheus's
//! conventions; labels are the names of services, operations and error codes, never anything that a client
//! chose.

mod store;

use std::sync::Arc;
use std::time::{Duration, Instant};

use keyfront_store::{Engine, StoreError, stores};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use store::StoreFigures;

use crate::faults::Faults;
use crate::import::ImportQueue;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

/// A request by its operation and what became of it: `ok` or an error code.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Served {
    service: &'static str,
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    service: &'static str,
    operation: &'static str,
}

/// The figures of one server.
pub struct Metrics {
    engine: Arc<dyn Engine>,
    registry: Registry,
    requests: Family<Served, Counter>,
    latency: Family<Named, Histogram>,
    key_value_stores: Gauge,
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

impl Metrics {
    /// Figures of a server over `engine`, on which faults may be set, and which imports.
    pub fn new(engine: Arc<dyn Engine>, faults: &Faults, imports: &ImportQueue) -> Metrics {
        let mut registry = Registry::with_prefix("keyfront");
        let requests = Family::default();
        registry.register("requests", "Requests by operation and outcome", requests.clone());
        let latency = Family::<Named, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register_with_unit("request_duration", "Time to answer", Unit::Seconds, latency.clone());
        let key_value_stores = Gauge::default();
        registry.register("key_value_stores", "Key value stores of all accounts", key_value_stores.clone());
        registry.register("faults", "Requests that met a fault on purpose", faults.hits());
        imports.register(&mut registry);
        registry.register_collector(Box::new(StoreFigures(Arc::clone(&engine))));
        Metrics { engine, registry, requests, latency, key_value_stores }
    }

    /// Counts an answered request.
    pub(crate) fn served(
        &self,
        service: &'static str,
        operation: &'static str,
        outcome: &'static str,
        took: Duration,
    ) {
        self.requests.get_or_create(&Served { service, operation, outcome }).inc();
        self.latency.get_or_create(&Named { service, operation }).observe(took.as_secs_f64());
    }

    /// All figures in the OpenMetrics text format, without the line that marks the end: a server adds its own.
    pub async fn render(&self) -> Result<String, StoreError> {
        let count = stores::count(&*self.engine).await?;
        self.key_value_stores.set(i64::try_from(count).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a String cannot fail.
        encode_registry(&mut text, &self.registry).ok();
        Ok(text)
    }
}
