//! Reads the files that commands about credentials name.

use std::path::Path;

use crate::failure::Failure;

/// The IAM policy document in a file. The server checks it.
pub(super) fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::because(format!("{} cannot be read", file.display()), &error))
}
