//! Figures for people.

use std::fmt;
use std::time::Duration;

use crate::drive::Observed;
use crate::machine::Limits;
use crate::startup::Startup;

/// A scenario, and the limits of the machine right before it.
pub(crate) struct Row {
    pub(crate) observed: Observed,
    pub(crate) limits: Limits,
}

pub(crate) fn startup(startup: &Startup) -> String {
    format!(
        "start on an empty folder: {:.1} ms to the first answer, {:.1} MB resident then",
        milliseconds(startup.first_answer),
        f64::from(u32::try_from(startup.resident_bytes / 1024).unwrap_or(u32::MAX)) * 1024.0 / 1e6,
    )
}

/// Above the rows. The last four columns are the machine's, right before the scenario.
pub(crate) const HEADING: &str = concat!(
    "                                             p50     p99   server   client   verify  verify's   verify    flush\n",
    "                             conn.  answ/s      ms      ms   µs CPU   µs CPU   µs CPU     share       /s       /s",
);

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { observed, limits } = self;
        let server = observed.server_cpu_each();
        write!(
            formatter,
            "{:<28} {:>5} {:>7.0} {:>7.2} {:>7.2} {:>8.1} {:>8.1} {:>8.1} {:>8.0}% {:>9.0} {:>8.0}",
            observed.name,
            observed.connections,
            observed.per_second(),
            milliseconds(observed.percentile(50)),
            milliseconds(observed.percentile(99)),
            microseconds(server),
            microseconds(observed.client_cpu_each()),
            microseconds(limits.verify_cpu),
            100.0 * limits.verify_cpu.as_secs_f64() / server.as_secs_f64().max(f64::EPSILON),
            limits.verifies_per_second,
            limits.flushes_per_second,
        )
    }
}

/// Of every scenario the repeat whose rate is the middle one, with the limits of that repeat.
pub(crate) fn medians(repeats: &[Vec<Row>]) -> String {
    let scenarios = repeats.first().map_or(0, Vec::len);
    let median = |scenario: usize| {
        let mut rows: Vec<&Row> = repeats.iter().filter_map(|rows| rows.get(scenario)).collect();
        rows.sort_by(|a, b| a.observed.per_second().total_cmp(&b.observed.per_second()));
        rows.get(rows.len() / 2).map(ToString::to_string)
    };
    (0..scenarios).filter_map(median).collect::<Vec<_>>().join("\n")
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
