//! The formats of files: by option, by extension, or by the beginning of the text.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::de::IgnoredAny;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The import format or an object of pairs.
    Json,
    /// One item on each line.
    Ndjson,
    /// A table with a header.
    Csv,
    /// A mapping, or the list under `data`.
    Yaml,
}

/// A format that can be written. What is written reads back as the same pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFormat {
    /// The import format, which can be put into S3 as it is; one pair on each line.
    Json,
    /// One item on each line.
    Ndjson,
    /// A table with the columns `key` and `value`.
    Csv,
}

impl From<WriteFormat> for Format {
    fn from(format: WriteFormat) -> Format {
        match format {
            WriteFormat::Json => Format::Json,
            WriteFormat::Ndjson => Format::Ndjson,
            WriteFormat::Csv => Format::Csv,
        }
    }
}

/// Why the format of a file is unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// The extension is not known.
    #[error("the format is not known by the extension; known are {EXTENSIONS}")]
    Extension,
    /// The extension is that of a compressed file.
    #[error("is compressed; unpack it first (known are {EXTENSIONS})")]
    Compressed,
    /// The name is none of the four.
    #[error("the format {0:?} is not known; known are json, ndjson, csv, yaml")]
    Name(String),
    /// The beginning of the text matches no format.
    #[error("the format cannot be guessed from the first line; name it: json, ndjson, csv or yaml")]
    Text,
    /// The text is empty.
    #[error("is empty")]
    Empty,
}

const EXTENSIONS: &str = ".json, .ndjson, .jsonl, .csv, .yaml, .yml";
const COMPRESSED: [&str; 7] = ["gz", "zst", "bz2", "xz", "zip", "br", "lz4"];

impl Format {
    /// The format that a file's extension names, whatever its case.
    pub fn of_path(path: &Path) -> Result<Format, UnknownFormat> {
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
        match extension.as_str() {
            "json" => Ok(Format::Json),
            "ndjson" | "jsonl" => Ok(Format::Ndjson),
            "csv" => Ok(Format::Csv),
            "yaml" | "yml" => Ok(Format::Yaml),
            compressed if COMPRESSED.contains(&compressed) => Err(UnknownFormat::Compressed),
            _ => Err(UnknownFormat::Extension),
        }
    }

    /// The format that the first line that is not blank looks like.
    ///
    /// A line that is an object of its own is NDJSON when more follows, or when its members are `key` and
    /// `value`: one pair that was exported is then read as what it was.
    pub fn sniff(text: &str) -> Result<Format, UnknownFormat> {
        let text = text.trim_start();
        let (line, more) = text.split_once('\n').unwrap_or((text, ""));
        let line = line.trim_end();
        if line.is_empty() {
            return Err(UnknownFormat::Empty);
        }
        if line.starts_with('{') {
            let whole = serde_json::from_str::<IgnoredAny>(line).is_ok();
            let item = || serde_json::from_str::<Item>(line).is_ok();
            let lines = whole && (!more.trim_start().is_empty() || item());
            return Ok(if lines { Format::Ndjson } else { Format::Json });
        }
        let is_column = |field: &str| matches!(field.trim_matches('"'), "key" | "value");
        if line.starts_with('[') {
            Ok(Format::Json)
        } else if line.split(',').any(is_column) {
            Ok(Format::Csv)
        } else if line.starts_with(['#', '%', '-', '?']) || line.contains(':') {
            Ok(Format::Yaml)
        } else {
            Err(UnknownFormat::Text)
        }
    }
}

/// The members of a line of NDJSON, whatever they hold.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    #[serde(rename = "key")]
    _key: IgnoredAny,
    #[serde(rename = "value")]
    _value: IgnoredAny,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        match name {
            "json" => Ok(Format::Json),
            "ndjson" => Ok(Format::Ndjson),
            "csv" => Ok(Format::Csv),
            "yaml" => Ok(Format::Yaml),
            _ => Err(UnknownFormat::Name(name.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
            Format::Yaml => "yaml",
        })
    }
}
