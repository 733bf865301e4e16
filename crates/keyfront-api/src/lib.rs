//! The AWS operations, one file each; the request pipeline; authentication and authorization.
//!
//! [`Api::handle`] takes an HTTP request of any of the planes and gives the answer. What an operation does
//! stands in its own file under [`control`], [`data`], [`pairs`] or [`identity`]; what all of them share stands
//! in [`pipeline`]. There is no socket here, no command line and no global: whoever serves brings a
//! [`Context`].

pub mod context;
pub mod control;
pub mod credentials;
pub mod data;
pub mod error;
pub mod faults;
pub mod identity;
pub mod import;
pub mod metrics;
pub mod operation;
pub mod pairs;
pub mod pipeline;

pub use context::{Clock, Context, Ids};
pub use error::ApiError;
pub use pipeline::{Api, Peer, Settings};
