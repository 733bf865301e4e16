//! Reads the pairs of a document that is in memory.

use keyfront_domain::Quotas;

use super::collect::Collector;
use super::format::Format;
use super::problem::{MAX_FILE_BYTES, ProblemKind, Problems};
use super::{csv, json, ndjson, position, yaml};
use crate::pairs::Pairs;

/// Reads the pairs of a document that is in memory. `name` is what problems call it.
///
/// `format: None` looks at the beginning of the text ([`Format::sniff`]). Keys and values may be as long as
/// `quotas` allows. A byte order mark at the start is skipped, as editors on Windows write one.
pub fn read(name: &str, format: Option<Format>, bytes: &[u8], quotas: &Quotas) -> Result<Pairs, Problems> {
    let alone = |fault| Problems::alone(name, None, fault);
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        return Err(alone(ProblemKind::FileTooLarge));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(_) if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            return Err(alone(ProblemKind::Utf16));
        }
        Err(error) => {
            let place = position::place_in(bytes, error.valid_up_to()).line_only();
            return Err(Problems::alone(name, Some(place), ProblemKind::NotUtf8));
        }
    };
    let format = match format {
        Some(format) => format,
        None => Format::sniff(text).map_err(|error| alone(ProblemKind::UnknownFormat(error)))?,
    };
    if format == Format::Json && text.trim_ascii().is_empty() {
        return Err(alone(ProblemKind::EmptyDocument));
    }
    let mut collector = Collector::new(quotas);
    match format {
        Format::Json => json::read(text, &mut collector),
        Format::Ndjson => ndjson::read(text, &mut collector),
        Format::Csv => csv::read(text, &mut collector),
        Format::Yaml => yaml::read(text, &mut collector),
    }
    collector.finish(name)
}
