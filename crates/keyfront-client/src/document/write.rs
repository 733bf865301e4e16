//! Writes pairs as JSON, NDJSON or CSV, which read back as the same pairs.

use std::io::{self, Write};

use serde::Serialize;

use super::format::WriteFormat;
use crate::pairs::Pairs;

/// Writes pairs in the order of their keys, and flushes. The text ends with a line break.
///
/// Without pairs, NDJSON is an empty text.
pub fn write(format: WriteFormat, pairs: &Pairs, output: impl Write) -> io::Result<()> {
    let mut output = io::BufWriter::new(output);
    match format {
        WriteFormat::Json => json(pairs, &mut output)?,
        WriteFormat::Ndjson => ndjson(pairs, &mut output)?,
        WriteFormat::Csv => csv(pairs, &mut output)?,
    }
    output.flush()
}

#[derive(Serialize)]
struct Item<'a> {
    key: &'a str,
    value: &'a str,
}

fn json(pairs: &Pairs, mut output: impl Write) -> io::Result<()> {
    output.write_all(b"{\"data\":[")?;
    let mut separator = "\n";
    for (key, value) in pairs {
        output.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut output, &Item { key, value })?;
        separator = ",\n";
    }
    output.write_all(b"\n]}\n")
}

fn ndjson(pairs: &Pairs, mut output: impl Write) -> io::Result<()> {
    for (key, value) in pairs {
        serde_json::to_writer(&mut output, &Item { key, value })?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

fn csv(pairs: &Pairs, output: impl Write) -> io::Result<()> {
    let mut records = csv::Writer::from_writer(output);
    records.write_record(["key", "value"])?;
    for (key, value) in pairs {
        records.write_record([key, value])?;
    }
    records.flush()
}
