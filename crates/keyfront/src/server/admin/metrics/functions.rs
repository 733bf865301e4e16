//! The figures of functions: what becomes of invocations, and what they use.
//!
//! They are taken around the pool, so they count what the edge runs and what TestFunction runs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keyfront_domain::AccountId;
use keyfront_functions::{Function, Invocation, Invoker, Outcome, Overloaded, Stats};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the buckets of shares of the instruction budget. AWS: from 0.71 on, throttling is likely.
const SHARES: [f64; 8] = [0.05, 0.1, 0.2, 0.4, 0.6, 0.7, 0.8, 1.0];

/// Upper bounds of the buckets of times, in seconds. CloudFront's functions have less than a millisecond.
const TIMES: [f64; 8] = [0.000_02, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.05];

/// What became of an invocation: `ok`, the word that CloudFront has for the failure, or `Overloaded`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

/// A pool that counts what it runs.
pub(crate) struct CountedInvoker {
    pool: Arc<dyn Invoker>,
    figures: Figures,
}

#[derive(Clone)]
struct Figures {
    invocations: Family<Ended, Counter>,
    shares: Histogram,
    times: Histogram,
}

impl CountedInvoker {
    /// A pool, and figures that are all zero.
    pub(crate) fn new(pool: Arc<dyn Invoker>) -> CountedInvoker {
        let figures = Figures {
            invocations: Family::default(),
            shares: Histogram::new(SHARES),
            times: Histogram::new(TIMES),
        };
        CountedInvoker { pool, figures }
    }

    /// Adds its figures to those of a server.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let Figures { invocations, shares, times } = self.figures.clone();
        registry.register(
            "keyfront_function_invocations",
            "Invocations of functions by outcome",
            invocations,
        );
        registry.register_with_unit(
            "keyfront_function_compute_utilization",
            "The share of the instruction budget that an invocation used",
            Unit::Ratios,
            shares,
        );
        registry.register_with_unit(
            "keyfront_function_duration",
            "Time that an invocation took",
            Unit::Seconds,
            times,
        );
        registry.register_collector(Box::new(Isolates(Arc::clone(&self.pool))));
    }
}

#[async_trait]
impl Invoker for CountedInvoker {
    async fn invoke(
        &self,
        account: AccountId,
        function: &Function,
        invocation: Invocation,
    ) -> Result<Outcome, Overloaded> {
        let ended = self.pool.invoke(account, function, invocation).await;
        let outcome = match &ended {
            Ok(Outcome { result: Ok(_), .. }) => "ok",
            Ok(Outcome { result: Err(failure), .. }) => failure.result_type(),
            Err(Overloaded) => "Overloaded",
        };
        self.figures.invocations.get_or_create(&Ended { outcome }).inc();
        if let Ok(Outcome { used, .. }) = &ended {
            self.figures.shares.observe(f64::from(used.share) / 100.0);
            self.figures.times.observe(Duration::from_nanos(used.time_ns).as_secs_f64());
        }
        ended
    }

    fn stats(&self) -> Stats {
        self.pool.stats()
    }
}

/// Reads what a pool keeps ready whenever the figures are asked for.
struct Isolates(Arc<dyn Invoker>);

impl fmt::Debug for Isolates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Isolates")
    }
}

impl Collector for Isolates {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Stats { isolates, isolate_bytes } = self.0.stats();
        for (name, help, value) in [
            ("keyfront_function_isolates", "Functions that are loaded and ready to run.", isolates),
            ("keyfront_function_isolate_bytes", "Bytes that they took when they were loaded.", isolate_bytes),
        ] {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
