//! The table of a run: medians over the rounds, and ratios with their spread.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::large::Download;
use super::memory::Full;
use super::software::{LARGE_OBJECT, Peer, Start};
use super::tail::Tail;
use crate::drive::Observed;
use crate::failure::Failure;
use crate::machine::Limits;

/// The marks in a document between which the table lies.
const BEGIN: &str = "<!-- bench --peers: begin -->";
const END: &str = "<!-- bench --peers: end -->";

/// One server in one row of one round.
pub(super) struct Cell {
    row: &'static str,
    contender: &'static str,
    connections: usize,
    per_second: f64,
    /// Processor time of the server for one request, in microseconds.
    cpu: f64,
    /// In milliseconds.
    p99: f64,
}

impl Cell {
    pub(super) fn new(
        row: &'static str,
        contender: &'static str,
        connections: usize,
        observed: &Observed,
    ) -> Cell {
        Cell {
            row,
            contender,
            connections,
            per_second: observed.per_second(),
            cpu: observed.server_cpu_each().as_secs_f64() * 1e6,
            p99: observed.percentile(99).as_secs_f64() * 1e3,
        }
    }

    /// A server that failed to answer in its window, which the table says in place of a ratio.
    pub(super) fn unanswered(row: &'static str, contender: &'static str, connections: usize) -> Cell {
        Cell { row, contender, connections, per_second: 0.0, cpu: 0.0, p99: 0.0 }
    }

    fn same_row(&self, other: &Cell) -> bool {
        self.row == other.row && self.connections == other.connections
    }

    fn same_place(&self, other: &Cell) -> bool {
        self.same_row(other) && self.contender == other.contender
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell { row, contender, connections, per_second, cpu, .. } = self;
        write!(formatter, "{row} at {connections}, {contender}: {per_second:.0}/s, {cpu:.1} µs")
    }
}

/// Everything that a run showed.
#[derive(Default)]
pub(super) struct Table {
    /// In the order in which they were measured, so that those of one place come round by round.
    pub(super) cells: Vec<Cell>,
    pub(super) starts: Vec<(Peer, Start)>,
    pub(super) limits: Vec<Limits>,
    pub(super) downloads: Vec<Download>,
    pub(super) tails: Vec<Tail>,
    /// Bytes of memory for an object in the cache, beyond its own.
    pub(super) cached_object: Option<f64>,
    pub(super) full: Option<Full>,
    missing: Vec<&'static str>,
}

impl Table {
    pub(super) fn missing(&mut self, peer: Peer) {
        self.missing.push(peer.name());
    }

    /// The tables, with what has to be known to read them.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::from(
            "| request | connections | server | answers/s | p99 | server CPU | other's CPU by Keyfront's | \
             Keyfront's rate by other's |\n|---|---|---|---|---|---|---|---|\n",
        );
        let mut shown: Vec<&Cell> = Vec::new();
        for cell in &self.cells {
            if shown.iter().any(|other| other.same_place(cell)) {
                continue;
            }
            shown.push(cell);
            let Cell { row, contender, connections, .. } = cell;
            if self.of(cell).any(|cell| cell.per_second == 0.0) {
                line(
                    &mut text,
                    &format!("{row} | {connections} | {contender} | no answer in a window | | | |"),
                );
                continue;
            }
            let of = |figure: fn(&Cell) -> f64| median(self.of(cell).map(figure).collect());
            let (rate, p99, cpu) = (of(|cell| cell.per_second), of(|cell| cell.p99), of(|cell| cell.cpu));
            let cpus = self.ratio(cell, |first, other| other.cpu / first.cpu);
            let rates = self.ratio(cell, |first, other| first.per_second / other.per_second);
            let rate = thousands(rate);
            line(
                &mut text,
                &format!(
                    "{row} | {connections} | {contender} | {rate} | {p99:.2} ms | {cpu:.1} µs | {cpus} | {rates} |"
                ),
            );
        }
        for part in [self.tails(), self.downloads(), self.starts(), self.full(), self.limits()] {
            text.push_str(&part);
        }
        if !self.missing.is_empty() {
            text.push_str(&format!("\nNot installed, so not measured: {}.\n", self.missing.join(", ")));
        }
        text
    }

    fn of(&self, place: &Cell) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.same_place(place))
    }

    /// The first contender beside this one, round by round: the median, and the least and the most.
    fn ratio(&self, place: &Cell, ratio: fn(&Cell, &Cell) -> f64) -> String {
        let Some(first) = self.cells.iter().find(|cell| cell.same_row(place)) else { return String::new() };
        if first.contender == place.contender {
            return String::new();
        }
        let ratios = self.of(first).zip(self.of(place)).map(|(first, other)| ratio(first, other));
        spread(ratios.collect(), 2)
    }

    fn tails(&self) -> String {
        let mut text = String::from(
            "\n| at half of what it can serve, open load, 64 connections | requests/s | p50 | p99 | p99 by p50 |\n\
             |---|---|---|---|---|\n",
        );
        for name in in_order(self.tails.iter().map(|tail| tail.name)) {
            let of = |figure: fn(&Tail) -> f64| {
                self.tails.iter().filter(|tail| tail.name == name).map(figure).collect::<Vec<_>>()
            };
            let rate = thousands(median(of(|tail| tail.per_second)));
            let p50 = median(of(|tail| milliseconds(tail.p50)));
            let p99 = median(of(|tail| milliseconds(tail.p99)));
            let ratio = spread(of(Tail::spread), 1);
            line(&mut text, &format!("{name} | {rate} | {p50:.2} ms | {p99:.2} ms | {ratio} |"));
        }
        if self.tails.is_empty() { String::new() } else { text }
    }

    fn downloads(&self) -> String {
        let mib = LARGE_OBJECT >> 20;
        let mut text =
            format!("\n| one object of {mib} MiB, one connection | time | server CPU |\n|---|---|---|\n");
        for name in in_order(self.downloads.iter().map(|download| download.name)) {
            let of = |figure: fn(&Download) -> f64| {
                let downloads = self.downloads.iter().filter(|download| download.name == name);
                downloads.map(figure).collect::<Vec<_>>()
            };
            let time = spread(of(|download| milliseconds(download.took)), 0);
            let cpu = spread(of(|download| milliseconds(download.cpu)), 0);
            line(&mut text, &format!("{name} | {time} ms | {cpu} ms |"));
        }
        if self.downloads.is_empty() { String::new() } else { text }
    }

    fn full(&self) -> String {
        let mut text = String::new();
        if let Some(bytes) = self.cached_object {
            text.push_str(&format!(
                "\nAn object of 4 KiB in the cache of the edge takes {bytes:.0} bytes of memory beyond its own.\n"
            ));
        }
        let Some(full) = &self.full else { return text };
        text.push_str(&format!(
            "\n| {} full stores, {:.0} MB of keys and values | memory |\n|---|---|\n",
            full.stores,
            full.data / 1e6
        ));
        for (name, bytes) in &full.lines {
            line(&mut text, &format!("{name} | {:.0} MB |", bytes / 1e6));
        }
        text.push_str(&format!(
            "\nWith these stores Keyfront started in {:.0} ms.\n",
            milliseconds(full.start)
        ));
        text
    }

    fn starts(&self) -> String {
        let mut text = String::from("\n| server | from start to listening | memory then |\n|---|---|---|\n");
        for peer in Peer::ALL {
            let of = |figure: fn(&Start) -> f64| {
                let starts = self.starts.iter().filter(|(name, _)| *name == peer);
                starts.map(|(_, start)| figure(start)).collect::<Vec<_>>()
            };
            let times = of(|start| milliseconds(start.listening));
            if times.is_empty() {
                continue;
            }
            let memory = of(|start| crate::drive::count(megabytes(start.resident_bytes)));
            let (time, memory) = (median(times), median(memory));
            line(&mut text, &format!("{} | {time:.0} ms | {memory:.0} MB |", peer.name()));
        }
        if self.starts.is_empty() { String::new() } else { text }
    }

    fn limits(&self) -> String {
        let of = |figure: fn(&Limits) -> f64| median(self.limits.iter().map(figure).collect());
        format!(
            "\nWhat the machine does at most, in the same run: one P-256 verification {:.1} µs, {:.1} µs by \
             recomputation; one RSA-2048 verification {:.1} µs; {} flushes of an appended kilobyte a second.\n",
            of(|limits| limits.verify_cpu.as_secs_f64() * 1e6),
            of(|limits| limits.recompute_cpu.as_secs_f64() * 1e6),
            of(|limits| limits.rsa_cpu.as_secs_f64() * 1e6),
            thousands(of(|limits| limits.flushes_per_second)),
        )
    }
}

/// Puts the tables between the marks of a document.
pub(super) fn write(document: &Path, tables: &str) -> Result<(), Failure> {
    let text = std::fs::read_to_string(document);
    let text = text.map_err(|error| Failure::of_file("read", document, &error))?;
    let text = placed(&text, tables)
        .ok_or_else(|| Failure(format!("{} lacks the marks {BEGIN} and {END}", document.display())))?;
    std::fs::write(document, text).map_err(|error| Failure::of_file("write", document, &error))
}

fn placed(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", tables.trim()))
}

/// Adds a line of a table.
fn line(text: &mut String, cells: &str) {
    text.push_str("| ");
    text.push_str(cells);
    text.push('\n');
}

/// Names as they come first.
fn in_order(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut order = Vec::new();
    for name in names {
        if !order.contains(&name) {
            order.push(name);
        }
    }
    order
}

/// The median, and the least and the most.
fn spread(figures: Vec<f64>, decimals: usize) -> String {
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let most = figures.iter().copied().fold(0.0, f64::max);
    format!("{:.decimals$} ({least:.decimals$} to {most:.decimals$})", median(figures))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn megabytes(bytes: u64) -> usize {
    usize::try_from(bytes / 1_000_000).unwrap_or(usize::MAX)
}

/// A whole number with commas.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(contender: &'static str, per_second: f64) -> Cell {
        Cell { row: "GetKey", contender, connections: 1, per_second, cpu: 1.0, p99: 1.0 }
    }

    #[test]
    fn ratios_are_those_of_each_round_with_their_spread() {
        let mut table = Table::default();
        for (ours, theirs) in [(10.0, 5.0), (40.0, 10.0), (9.0, 3.0)] {
            table.cells.push(cell("Keyfront", ours));
            table.cells.push(Cell { cpu: 4.5, ..cell("MiniStack", theirs) });
            table.cells.push(cell("moto", 0.0));
        }
        let text = table.markdown();
        for line in [
            "| GetKey | 1 | Keyfront | 10 | 1.00 ms | 1.0 µs |  |  |",
            "| GetKey | 1 | MiniStack | 5 | 1.00 ms | 4.5 µs | 4.50 (4.50 to 4.50) | 3.00 (2.00 to 4.00) |",
            "| GetKey | 1 | moto | no answer in a window | | | |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_table_replaces_what_lies_between_the_marks() {
        let document = format!("above\n{BEGIN}\nold\n{END}\nbelow\n");
        let expected = format!("above\n{BEGIN}\n\nnew\n\n{END}\nbelow\n");
        assert_eq!(placed(&document, "\nnew\n").as_deref(), Some(expected.as_str()));
        assert_eq!(placed("no marks", "new"), None);
    }

    #[test]
    fn large_numbers_have_commas() {
        for (number, text) in [(0.0, "0"), (999.4, "999"), (1000.0, "1,000"), (1_234_567.0, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
