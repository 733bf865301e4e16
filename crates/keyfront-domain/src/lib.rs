//! Pure types and rules of CloudFront's keys and stores: no I/O, no async, no clock.
//!
//! What a name may be, what a write does to a store's pairs, what a policy allows, what an import
//! document must look like. Whoever needs one of these rules calls it here; nothing in this crate can
//! reach a network, a disk or the time of day.

mod account;
pub mod arn;
pub mod etag;
pub mod import;
pub mod name;
pub mod pairs;
pub mod policy;
mod quotas;

pub use account::{AccountId, InvalidAccountId};
pub use quotas::Quotas;
