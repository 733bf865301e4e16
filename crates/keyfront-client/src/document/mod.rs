//! Files of pairs: what `--from`, `--file` and `--seed` read, and what an export writes.
//!
//! | format | what it looks like |
//! |---|---|
//! | JSON | `{"data":[{"key":"k","value":"v"},…]}`, which the service imports from S3, or `{"k":"v",…}` |
//! | NDJSON | one `{"key":"k","value":"v"}` on each line; blank lines are skipped |
//! | CSV | a header with the columns `key` and `value` in any order, then one pair in each record |
//! | YAML | a mapping, or the list under `data` as in JSON; read only |
//!
//! A JSON or YAML document whose only member is `data`, with a list, is the import format. Values are text:
//! a JSON value that is not a string is a mistake, and a plain YAML scalar such as `true` or `007` is the text
//! that stands in the file.
//!
//! A file is read whole or refused whole, and a refusal names every problem with its place, not the first
//! alone. A problem names keys and sizes, never a value. Here nothing is compared with a store and the size of
//! a store is not looked at: that is [`crate::plan`]'s.

mod collect;
mod csv;
mod format;
mod json;
mod load;
mod ndjson;
mod position;
mod problem;
mod shape;
mod write;
mod yaml;

use keyfront_domain::Quotas;

pub use self::format::{Format, UnknownFormat, WriteFormat};
pub use self::load::load;
pub(crate) use self::problem::shown;
pub use self::problem::{Fault, Kind, Place, Problem, Problems};
pub use self::write::write;
use crate::Pairs;
use collect::Collector;

/// The size of the largest file that is read, in bytes. A full store has 5 MiB; the rest is room for spelling.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// How many problems of one file are kept and shown; the others are counted.
pub const MAX_PROBLEMS: usize = 50;

/// Reads the pairs of a document that is in memory. `name` is what problems call it.
///
/// `format: None` looks at the beginning of the text ([`Format::sniff`]). Keys and values may be as long as
/// `quotas` allows. A byte order mark at the start is skipped, as editors on Windows write one.
pub fn read(name: &str, format: Option<Format>, bytes: &[u8], quotas: &Quotas) -> Result<Pairs, Problems> {
    let alone = |fault| Problems::alone(name, None, fault);
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        return Err(alone(Fault::FileTooLarge));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(_) if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            return Err(alone(Fault::Utf16));
        }
        Err(error) => {
            let place = position::place_in(bytes, error.valid_up_to()).line_only();
            return Err(Problems::alone(name, Some(place), Fault::NotUtf8));
        }
    };
    let format = match format {
        Some(format) => format,
        None => Format::sniff(text).map_err(|error| alone(Fault::UnknownFormat(error)))?,
    };
    if format == Format::Json && text.trim_ascii().is_empty() {
        return Err(alone(Fault::EmptyDocument));
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

#[cfg(test)]
mod tests;
