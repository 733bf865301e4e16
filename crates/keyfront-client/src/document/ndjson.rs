//! Reads NDJSON: one item on each line. A line that is not JSON does not hide the problems of the others.

use serde::de::DeserializeSeed;

use super::collect::Collector;
use super::json::{self, Value};
use super::position::Positions;
use super::problem::Position;

pub(super) fn read(text: &str, collector: &mut Collector<'_>) {
    let positions = Positions::new(text);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let line = line.trim_ascii_end();
        if line.is_empty() {
            continue;
        }
        let mut json = serde_json::Deserializer::from_reader(positions.reader(start..start + line.len()));
        let outcome = Value::item(&positions, collector).deserialize(&mut json);
        match outcome.and_then(|node| json.end().map(|()| node)) {
            Ok(node) => node.expect_item(collector),
            Err(error) => {
                let line_number = positions.place(start).line;
                let place = json::place_of(&error, line);
                collector.fault(Position { line: line_number, ..place }, json::syntax(&error));
            }
        }
    }
}
