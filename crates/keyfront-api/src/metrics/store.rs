//! The store's own figures, read from the engine when the metrics are asked for.

use std::fmt;
use std::sync::Arc;

use keyfront_store::Engine;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Reads an engine's figures.
pub(super) struct StoreFigures(pub(super) Arc<dyn Engine>);

impl fmt::Debug for StoreFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreFigures")
    }
}

impl Collector for StoreFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let stats = self.0.stats();
        for (name, help, value) in [
            ("store_commits", "Batches committed.", stats.commits),
            ("store_conflicts", "Batches whose checks did not hold.", stats.conflicts),
            ("store_failures", "Batches that storage failed or refused.", stats.failures),
            ("store_groups", "Groups of batches made durable together.", stats.groups),
        ] {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        for (name, help, value) in [
            ("store_largest_group", "Most batches in one group.", stats.largest_group),
            ("store_queued", "Batches that wait now.", stats.queued),
            ("store_disk_bytes", "Space on disk.", stats.disk_bytes),
            ("store_refusing", "1 while writes are refused.", u64::from(stats.refusing.is_some())),
        ] {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
