//! The table of a run: medians over the rounds, and ratios with their spread.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::software::{Peer, Start};
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

/// Everything that a run showed.
#[derive(Default)]
pub(super) struct Table {
    /// In the order in which they were measured, so that those of one place come round by round.
    cells: Vec<Cell>,
    starts: Vec<(Peer, Start)>,
    limits: Vec<Limits>,
    missing: Vec<&'static str>,
}

impl Table {
    pub(super) fn add(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    pub(super) fn start(&mut self, peer: Peer, start: Start) {
        self.starts.push((peer, start));
    }

    pub(super) fn machine(&mut self, limits: Limits) {
        self.limits.push(limits);
    }

    pub(super) fn missing(&mut self, peer: Peer) {
        self.missing.push(peer.name());
    }

    /// The tables, with what has to be known to read them.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::from(
            "| request | connections | server | answers/s | p99 | server CPU | Keyfront's rate, times the other's |\n\
             |---|---|---|---|---|---|---|\n",
        );
        let mut shown: Vec<&Cell> = Vec::new();
        for cell in &self.cells {
            if shown.iter().any(|other| other.same_place(cell)) {
                continue;
            }
            shown.push(cell);
            let Cell { row, contender, connections, .. } = cell;
            let rate = self.median(cell, |cell| cell.per_second);
            let (p99, cpu) = (self.median(cell, |cell| cell.p99), self.median(cell, |cell| cell.cpu));
            let ratio = self.ratio(cell);
            // Nothing that goes into a String fails.
            writeln!(
                text,
                "| {row} | {connections} | {contender} | {} | {p99:.2} ms | {cpu:.0} µs | {ratio} |",
                thousands(rate)
            )
            .ok();
        }
        text.push_str(&self.starts());
        text.push_str(&self.limits());
        if !self.missing.is_empty() {
            writeln!(text, "\nNot installed, so not measured: {}.", self.missing.join(", ")).ok();
        }
        text
    }

    fn of(&self, place: &Cell) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.same_place(place))
    }

    fn median(&self, place: &Cell, figure: impl Fn(&Cell) -> f64) -> f64 {
        median(self.of(place).map(figure).collect())
    }

    /// The first contender's rate by this one's, round by round: the median, and the least and the most.
    fn ratio(&self, place: &Cell) -> String {
        let Some(first) = self.cells.iter().find(|cell| cell.same_row(place)) else { return String::new() };
        if first.contender == place.contender {
            return String::new();
        }
        if self.of(place).any(|cell| cell.per_second == 0.0) {
            return "no answer in a window".to_owned();
        }
        let ratios: Vec<f64> = self
            .of(first)
            .zip(self.of(place))
            .map(|(first, other)| first.per_second / other.per_second)
            .collect();
        let (least, most) = ratios
            .iter()
            .fold((f64::INFINITY, 0.0_f64), |(least, most), ratio| (least.min(*ratio), most.max(*ratio)));
        format!("{:.2} ({least:.2} to {most:.2})", median(ratios))
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
            writeln!(text, "| {} | {time:.0} ms | {memory:.0} MB |", peer.name()).ok();
        }
        text
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
            table.add(cell("Keyfront", ours));
            table.add(cell("MiniStack", theirs));
        }
        assert_eq!(table.ratio(&cell("MiniStack", 0.0)), "3.00 (2.00 to 4.00)");
        assert_eq!(table.ratio(&cell("Keyfront", 0.0)), "");
        table.add(cell("moto", 0.0));
        assert_eq!(table.ratio(&cell("moto", 0.0)), "no answer in a window");
        let text = table.markdown();
        assert!(
            text.contains("| GetKey | 1 | MiniStack | 5 | 1.00 ms | 1 µs | 3.00 (2.00 to 4.00) |"),
            "{text}"
        );
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
