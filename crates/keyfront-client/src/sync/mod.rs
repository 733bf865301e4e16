//! Makes a store hold what a file says: reads, plans, writes, and again when other clients write meanwhile.

mod outcome;
mod request;
mod run;
mod unconfirmed;

pub use outcome::{Applied, Cause, Unfinished};
pub use request::SyncRequest;
pub use run::carry_out;
