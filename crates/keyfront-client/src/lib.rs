//! A client of distributions, policies, key value stores, functions, public keys and key groups, over the official SDK.
//!
//! | module | content |
//! |---|---|
//! | [`document`] | files of pairs: JSON, NDJSON, CSV and YAML |
//! | [`plan`] | the difference between a file and a store, cut into requests |
//! | [`sync`] | writes a difference, and again when other clients write meanwhile |
//! | [`connection`] | how a client connects, and which failures are final |
//! | `control`, `data` | the calls of both planes, as methods of [`Client`] |
//! | [`exchange`] | calls whose documents the caller writes by the service model |
//!
//! It works with any endpoint that speaks CloudFront's protocols. Keyfront's extensions (reading and writing a store
//! in one step) are used where they are; elsewhere the service's own operations do the same. Nothing here prints or
//! asks; that is the command line's part.

mod attempts;
pub mod client;
pub mod connection;
mod control;
mod data;
pub mod document;
pub mod error;
pub mod exchange;
mod key_text;
mod no_connection;
mod pagination;
mod pairs;
pub mod plan;
mod retry;
pub mod sync;
mod timestamp;

pub use client::{Client, Endpoint};
pub use connection::Connection;
pub use control::distributions::{StoredBehavior, StoredDistribution, StoredInvalidation, StoredOrigin};
pub use control::functions::{FunctionConfig, StoredFunction};
pub use control::key_groups::{KeyGroupChange, StoredKeyGroup};
pub use control::policies::{PolicyKind, StoredPolicy};
pub use control::public_keys::StoredPublicKey;
pub use control::stores::Store;
pub use data::types::{StoreMetadata, StoredPairs, Written};
pub use error::ClientError;
pub use pairs::Pairs;
