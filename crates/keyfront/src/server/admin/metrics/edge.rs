//! The figures of the edge.

use std::fmt;
use std::sync::Arc;

use keyfront_edge::Edge;
use keyfront_edge::cache::Statistics;
use keyfront_edge::origin::Origins;
use keyfront_edge::record::Figures;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// What the figures of an edge are read from, whenever they are asked for.
pub(crate) struct EdgeFigures {
    /// The edge.
    pub(crate) edge: Edge,
    /// Its way to origins.
    pub(crate) origins: Origins,
    /// What was recorded of viewer requests.
    pub(crate) requests: Arc<Figures>,
}

/// The figures of an edge.
pub(crate) fn edge(figures: EdgeFigures) -> Registry {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(figures));
    registry
}

impl fmt::Debug for EdgeFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EdgeFigures")
    }
}

impl Collector for EdgeFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        self.requests(&mut encoder)?;
        cache(&self.edge.cache_statistics(), &mut encoder)?;
        self.origins(&mut encoder)?;
        let served = u64::try_from(self.edge.served()).unwrap_or(u64::MAX);
        gauge(
            &mut encoder,
            "keyfront_edge_distributions",
            "Distributions and tenants that are served",
            served,
        )
    }
}

impl EdgeFigures {
    fn requests(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let figures = &self.requests;
        let results = figures.results().map(|(result, number)| (result.name(), number));
        family(encoder, "keyfront_edge_requests", "Viewer requests by how they ended", "result", results)?;
        let statuses = figures.statuses().map(|(class, number)| (class.name(), number));
        family(encoder, "keyfront_edge_responses", "Responses by class of their status", "status", statuses)?;
        for (name, help, value) in [
            ("keyfront_edge_received_bytes", "Bytes of viewer requests", figures.received_bytes()),
            ("keyfront_edge_sent_bytes", "Bytes of responses", figures.sent_bytes()),
            ("keyfront_edge_dropped_log_records", "Records that a log should have", figures.dropped()),
        ] {
            counter(encoder, name, help, value)?;
        }
        Ok(())
    }

    fn origins(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let figures = self.origins.figures();
        for (name, help, value) in [
            ("keyfront_edge_origin_requests", "Requests to origins", figures.requests),
            (
                "keyfront_edge_origin_connections",
                "Connections to origins that were made",
                figures.connections,
            ),
            ("keyfront_edge_origin_reused", "Requests on connections that had carried one", figures.reused),
            ("keyfront_edge_origin_retries", "Requests that an origin was sent again", figures.retries),
            ("keyfront_edge_origin_failovers", "Requests that a second origin got", figures.failovers),
        ] {
            counter(encoder, name, help, value)?;
        }
        let failures = figures.failures.into_iter();
        family(encoder, "keyfront_edge_origin_failures", "Failures of origins by kind", "kind", failures)
    }
}

fn cache(statistics: &Statistics, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
    for (name, help, value) in [
        ("keyfront_edge_cache_objects", "Objects in memory", statistics.objects),
        ("keyfront_edge_cache_bytes", "Bytes that objects take", statistics.bytes),
        ("keyfront_edge_cache_filling_bytes", "Bytes of objects on their way", statistics.filling_bytes),
        ("keyfront_edge_cache_disk_objects", "Objects in the folder", statistics.disk_objects),
        ("keyfront_edge_cache_disk_bytes", "Bytes that they take", statistics.disk_bytes),
        (
            "keyfront_edge_cache_disk_filling_bytes",
            "Bytes on their way into the folder",
            statistics.disk_filling_bytes,
        ),
        ("keyfront_edge_cache_fetches", "Fetches that other requests may wait for", statistics.flights),
    ] {
        gauge(encoder, name, help, value)?;
    }
    for (name, help, value) in [
        ("keyfront_edge_cache_evictions", "Objects that had to go for others", statistics.evictions),
        ("keyfront_edge_cache_invalidated", "Objects that an invalidation dropped", statistics.invalidated),
        ("keyfront_edge_cache_collapsed", "Requests that waited for another's fetch", statistics.collapsed),
        ("keyfront_edge_cache_stale_hits", "Requests that got a stale object", statistics.stale_hits),
        (
            "keyfront_edge_cache_refused_fills",
            "Objects without memory to keep them",
            statistics.refused_fills,
        ),
    ] {
        counter(encoder, name, help, value)?;
    }
    Ok(())
}

pub(super) fn counter(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: u64,
) -> Result<(), fmt::Error> {
    let counter = ConstCounter::new(value);
    counter.encode(encoder.encode_descriptor(name, &sentence(help), None, counter.metric_type())?)
}

pub(super) fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: u64,
) -> Result<(), fmt::Error> {
    let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.encode(encoder.encode_descriptor(name, &sentence(help), None, gauge.metric_type())?)
}

/// A counter for each value of a label.
pub(super) fn family<'v>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    label: &'static str,
    values: impl Iterator<Item = (&'v str, u64)>,
) -> Result<(), fmt::Error> {
    let kind = ConstCounter::new(0_u64).metric_type();
    let mut metrics = encoder.encode_descriptor(name, &sentence(help), None, kind)?;
    for (value, number) in values {
        let labels = [(label, value)];
        ConstCounter::new(number).encode(metrics.encode_family(&labels)?)?;
    }
    Ok(())
}

/// A help text, which ends with a full stop as those of other metrics do.
fn sentence(help: &str) -> String {
    format!("{help}.")
}
