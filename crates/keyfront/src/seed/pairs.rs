//! Reads the pairs of one file of a seed.

use std::path::Path;

use keyfront_client::document;
use keyfront_domain::Quotas;

use crate::failure::Failure;

/// The pairs of a file, whose extension says in which format they are, within the limits of keys and values.
/// The failure has a line for each problem, with the file's name.
pub(super) fn read_pairs(path: &Path, quotas: &Quotas) -> Result<Vec<(String, String)>, Failure> {
    match document::load(path, None, quotas) {
        Ok(pairs) => Ok(pairs.into_iter().collect()),
        Err(problems) => Err(Failure::new(problems.to_string())),
    }
}
