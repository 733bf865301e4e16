//! Calls of the data plane.

mod extensions;
mod metadata;
mod read;
mod request;
pub(crate) mod types;
mod write;
