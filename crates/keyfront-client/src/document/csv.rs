//! Reads CSV as RFC 4180 describes it: a header with `key` and `value`, then one pair in each record.
//!
//! The library forgives quotation marks that are left open and takes the rest of the file as one field. Here
//! that is a problem of the record, as is a record with more or fewer fields than the header.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::collect::Collector;
use super::position::Positions;
use super::problem::{Names, Position, ProblemKind};

pub(super) fn read(text: &str, collector: &mut Collector<'_>) {
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Records { text, positions: Positions::new(text), reader, record: StringRecord::new() };
    // Without a record there is an empty header, of which both columns are missing.
    let place = match records.next() {
        Ok(place) => place.unwrap_or(Position { line: 1, column: None }),
        Err((place, fault)) => return collector.fault(place, fault),
    };
    let Some(columns) = Columns::find(&records.record, place, collector) else { return };
    loop {
        match records.next() {
            Ok(None) => return,
            Ok(Some(place)) => columns.pair(&records.record, place, collector),
            Err((place, fault)) => collector.fault(place, fault),
        }
    }
}

/// The records of a text, with the line that each begins on.
struct Records<'t> {
    text: &'t str,
    positions: Positions<'t>,
    reader: Reader<&'t [u8]>,
    record: StringRecord,
}

impl Records<'_> {
    /// Reads the next record; none at the end.
    fn next(&mut self) -> Result<Option<Position>, (Position, ProblemKind)> {
        let from = offset(&self.reader);
        let outcome = self.reader.read_record(&mut self.record);
        let raw = self.text.get(from..offset(&self.reader)).unwrap_or_default();
        // The line break of the record before, and lines without anything, belong to what was read.
        let begun = raw.trim_start_matches(['\r', '\n']);
        let place = self.positions.place(from + raw.len() - begun.len()).line_only();
        match outcome {
            Err(error) => Err((place, ProblemKind::Syntax { format: "CSV", message: error.to_string() })),
            Ok(false) => Ok(None),
            Ok(true) if begun.matches('"').count() % 2 == 1 => Err((place, ProblemKind::Quotes)),
            Ok(true) => Ok(Some(place)),
        }
    }
}

/// How far a reader has read.
fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// Which field of a record is which.
struct Columns {
    key: usize,
    value: usize,
}

impl Columns {
    fn find(header: &StringRecord, place: Position, collector: &mut Collector<'_>) -> Option<Columns> {
        let mut unknown = Names::default();
        header.iter().filter(|name| !matches!(*name, "key" | "value")).for_each(|name| unknown.add(name));
        if !unknown.is_empty() {
            let names = unknown.to_string();
            collector.fault(place, ProblemKind::UnknownNames { whole: "header", parts: "columns", names });
        }
        let mut find = |name: &'static str| {
            let mut fields = (0..).zip(header).filter(|(_, field)| *field == name).map(|(index, _)| index);
            match (fields.next(), fields.next()) {
                (Some(index), None) => Some(index),
                (Some(_), Some(_)) => {
                    collector.fault(place, ProblemKind::RepeatedName(name));
                    None
                }
                (None, _) => {
                    collector.fault(place, ProblemKind::MissingName { whole: "header", name });
                    None
                }
            }
        };
        let columns = find("key").zip(find("value"));
        columns.filter(|_| unknown.is_empty()).map(|(key, value)| Columns { key, value })
    }

    fn pair(&self, record: &StringRecord, place: Position, collector: &mut Collector<'_>) {
        match (record.len(), record.get(self.key), record.get(self.value)) {
            (2, Some(key), Some(value)) => collector.pair(place, key.to_owned(), Ok(value.to_owned())),
            (found, ..) => collector.fault(place, ProblemKind::FieldCount { found }),
        }
    }
}
