//! Figures for people.

use std::time::Duration;

use crate::drive::Observed;
use crate::machine::Limits;
use crate::startup::Startup;

/// A scenario, and the limits of the machine right before it.
#[derive(Clone)]
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

pub(crate) fn limits(limits: &Limits) -> String {
    format!(
        "machine: {:.0} P-256 verifications/s on {} processors, {:.1} µs CPU each; \
         {:.0} fdatasync/s of 1 kB appended, p50 {:.2} ms",
        limits.verifies_per_second,
        limits.processors,
        microseconds(limits.verify_cpu),
        limits.flushes_per_second,
        milliseconds(limits.flush_p50),
    )
}

pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<26} {:>5} {:>10} {:>8} {:>8} {:>11} {:>11} {:>11} {:>11} {:>11}\n",
        "",
        "conn.",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "server µs",
        "client µs",
        "verify/srv",
        "of verifies",
        "of flushes"
    );
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

fn line(Row { observed, limits }: &Row) -> String {
    let server = observed.server_cpu_each();
    let per_second = observed.per_second();
    format!(
        "{:<26} {:>5} {:>10.0} {:>8.2} {:>8.2} {:>11.1} {:>11.1} {:>10.0}% {:>10.0}% {:>10.1}x\n",
        observed.name,
        observed.connections,
        per_second,
        milliseconds(observed.percentile(50)),
        milliseconds(observed.percentile(99)),
        microseconds(server),
        microseconds(observed.client_cpu_each()),
        100.0 * limits.verify_cpu.as_secs_f64() / server.as_secs_f64().max(f64::EPSILON),
        100.0 * per_second / limits.verifies_per_second,
        per_second / limits.flushes_per_second,
    )
}

/// Of every scenario the repeat whose rate is the middle one, with the limits of that repeat.
pub(crate) fn medians(repeats: &[Vec<Row>]) -> String {
    let scenarios = repeats.first().map_or(0, Vec::len);
    let median = |scenario: usize| {
        let mut rows: Vec<&Row> = repeats.iter().filter_map(|rows| rows.get(scenario)).collect();
        rows.sort_by(|a, b| a.observed.per_second().total_cmp(&b.observed.per_second()));
        rows.get(rows.len() / 2).copied().cloned()
    };
    let rows: Vec<Row> = (0..scenarios).filter_map(median).collect();
    format!("medians of {}\n{}", repeats.len(), table(&rows))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
