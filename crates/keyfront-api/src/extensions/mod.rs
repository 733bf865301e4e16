//! Keyfront's extensions, operations that AWS does not have: a whole store in one answer, any number of its pairs in one
//! write, and the change stream that edges follow.
//!
//! They have paths that no service of AWS has, and they give no power that a policy does not name. What the data plane
//! does in steps needs the permission of its operation; the change stream, which shows an account's stores, functions
//! and configurations whole, has an action of its own.

mod follow_changes;
mod read_pairs;
mod write_pairs;

use crate::operation::Handler;

/// Every extension.
pub const OPERATIONS: &[Handler] = &[
    Handler::of_own::<follow_changes::FollowChanges>(),
    Handler::of_bulk::<read_pairs::ReadPairs>(),
    Handler::of_bulk::<write_pairs::WritePairs>(),
];
