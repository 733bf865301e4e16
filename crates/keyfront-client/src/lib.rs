//! A client of key value stores, for people: files of pairs, the difference between a file and a store, and
//! writing it, over the official SDK. It also knows the public keys and key groups that signatures are
//! verified with.
//!
//! It works with any endpoint that speaks CloudFront's protocols. What only Keyfront has (reading and writing
//! a store in one step) it uses where it is, and does the same with the service's own operations elsewhere.
//! Nothing here prints or asks; that is the command line's.

mod control_plane;
mod data_plane;
pub mod document;
pub mod endpoint;
pub mod error;
mod functions;
mod key_groups;
mod moment;
mod pairs;
pub mod plan;
mod public_keys;
mod sent;
pub mod sync;
mod whole;

pub use control_plane::Store;
pub use data_plane::{Head, Image, Written};
pub use endpoint::{Client, Endpoint};
pub use error::ClientError;
pub use functions::{FunctionConfig, StoredFunction};
pub use key_groups::{KeyGroupChange, StoredKeyGroup};
pub use pairs::Pairs;
pub use public_keys::StoredPublicKey;
