//! Loads a file of pairs, or standard input, up to the largest size.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use keyfront_domain::Quotas;

use super::format::Format;
use super::problem::{MAX_FILE_BYTES, ProblemKind, Problems};
use super::read::read;
use crate::pairs::Pairs;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Reads the pairs of a file; `-` is standard input. Blocks while it reads.
///
/// Without a format, the extension says which it is, and for standard input the beginning of the text.
pub fn load(path: &Path, format: Option<Format>, quotas: &Quotas) -> Result<Pairs, Problems> {
    if path.as_os_str() == STANDARD_INPUT {
        return take("standard input", io::stdin().lock(), format, quotas);
    }
    let name = path.display().to_string();
    let alone = |fault| Problems::alone(&name, None, fault);
    let format = match format {
        Some(format) => format,
        None => Format::of_path(path).map_err(|error| alone(ProblemKind::UnknownFormat(error)))?,
    };
    let file = File::open(path).map_err(|error| alone(ProblemKind::Unreadable(error.to_string())))?;
    take(&name, file, Some(format), quotas)
}

fn take(name: &str, input: impl Read, format: Option<Format>, quotas: &Quotas) -> Result<Pairs, Problems> {
    let mut bytes = Vec::new();
    // One byte more than is allowed shows that there are more.
    match input.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) => read(name, format, &bytes, quotas),
        Err(error) => Err(Problems::alone(name, None, ProblemKind::Unreadable(error.to_string()))),
    }
}
