//! What is counted of imports: how many run, how they ended, and how many pairs they brought.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What became of an import: `ok`, or `failed` for one that left its store without pairs.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

/// The figures of imports. A clone is the same figures.
#[derive(Clone, Debug, Default)]
pub(super) struct ImportFigures {
    running: Gauge,
    ended: Family<Ended, Counter>,
    pairs: Counter,
}

impl ImportFigures {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("imports_running", "Imports that run now", self.running.clone());
        registry.register("imports", "Imports by how they ended", self.ended.clone());
        registry.register("imported_pairs", "Pairs that imports brought", self.pairs.clone());
    }

    /// An import begins.
    pub(super) fn begin(&self) -> Running<'_> {
        self.running.inc();
        Running(self)
    }
}

/// An import that runs, until it ends or its server does.
pub(super) struct Running<'a>(&'a ImportFigures);

impl Running<'_> {
    /// It has ended with these pairs, or with the reason why there are none.
    pub(super) fn end(self, pairs: &Result<Vec<(String, String)>, String>) {
        let outcome = if pairs.is_ok() { "ok" } else { "failed" };
        self.0.ended.get_or_create(&Ended { outcome }).inc();
        let number = pairs.as_ref().map_or(0, Vec::len);
        self.0.pairs.inc_by(u64::try_from(number).unwrap_or(u64::MAX));
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.dec();
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    #[test]
    fn an_import_is_counted_by_its_end_and_one_that_is_cut_off_only_while_it_runs() {
        let (figures, mut registry) = (ImportFigures::default(), Registry::default());
        figures.register(&mut registry);
        let pair = || (String::from("k"), String::from("v"));
        figures.begin().end(&Ok(vec![pair(), pair()]));
        figures.begin().end(&Err("not found".to_owned()));
        drop(figures.begin());
        let running = figures.begin();
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "imports_running 1",
            "imports_total{outcome=\"ok\"} 1",
            "imports_total{outcome=\"failed\"} 1",
            "imported_pairs_total 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
        }
        drop(running);
        assert_eq!(figures.running.get(), 0);
    }
}
