//! How AWS talks: service model, REST-XML, REST-JSON, the query protocol, SigV4 and SigV4A.
//!
//! A request is routed, decoded and checked, and an answer or an error is encoded, all from the facts of
//! the service model. Nothing here knows any resource, any store or the time of day.

pub mod check;
pub mod decode;
pub mod encode;
pub mod error;
pub mod model;
mod percent;
pub mod query;
mod quirks;
pub mod route;
pub mod signature;
pub mod timestamp;

pub use check::Violation;
pub use decode::Incoming;
pub use model::{Operation, Protocol, Service};
pub use route::Route;
