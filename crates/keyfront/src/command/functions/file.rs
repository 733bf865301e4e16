//! Reads small files: code, events, expectations.

use std::path::Path;

use crate::failure::Failure;

/// The largest file that is read as code, in bytes. CloudFront takes 10 KB; more is refused with its own words.
const MAX_BYTES: u64 = 1 << 20;

/// Reads a small file whole; `what` is the word for what should be in it.
pub(super) fn read(file: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::because(format!("the {what} in {} cannot be read", file.display()), error)
    };
    let size = std::fs::metadata(file).map_err(|error| failed(&error))?.len();
    if size > MAX_BYTES {
        return Err(Failure::new(format!(
            "{} has {size} bytes; that is no {what}, of which at most {MAX_BYTES} are read",
            file.display()
        )));
    }
    std::fs::read(file).map_err(|error| failed(&error))
}
