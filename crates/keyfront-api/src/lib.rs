//! The AWS operations, by resource; the request pipeline; authentication and authorization.
//!
//! [`Api::handle`] takes an HTTP request of any of the planes and gives the answer. What an operation does
//! stands in its own file under [`control`], [`data`], [`extensions`] or [`identity`]; what all of them share
//! stands in [`pipeline`]. Sockets, the command line and globals are elsewhere: the server brings a [`Context`].

mod certificates;
mod configuration;
pub mod context;
pub mod control;
pub mod credentials;
pub mod data;
pub mod direct;
pub mod error;
pub mod extensions;
pub mod faults;
pub mod identity;
pub mod import;
pub mod metrics;
pub mod operation;
pub mod pipeline;
pub mod registry;

pub use certificates::Certificates;
pub use context::{Clock, Context, Ids, Rules, RulesInForce};
pub use pipeline::{Api, Peer, REQUEST_LOG, Settings};
