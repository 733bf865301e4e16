//! Keyfront's extensions, operations that AWS does not have: a whole store in one answer, and any number of its
//! pairs in one write.
//!
//! They have paths that no service of AWS has, and they give no power that a policy for the data plane does
//! not name: each needs the permission of the operation of the data plane that does the same in steps.

mod read_pairs;
mod write_pairs;

use crate::operation::Handler;

/// Every extension.
pub const OPERATIONS: &[Handler] =
    &[Handler::of_bulk::<read_pairs::ReadPairs>(), Handler::of_bulk::<write_pairs::WritePairs>()];
