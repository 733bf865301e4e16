//! The difference between what a store holds and what it is to hold, and the requests that make it so.
//!
//! Pure: the caller reads the store, shows the plan to a person, and sends the requests.

mod batch;
mod change;
mod difference;
mod error;

pub use self::batch::Batch;
pub use self::change::{Change, PlannedChange};
pub use self::difference::{Counts, Ownership, Plan};
pub use self::error::{NotUnderPrefix, Unwritable};

#[cfg(test)]
mod tests;
