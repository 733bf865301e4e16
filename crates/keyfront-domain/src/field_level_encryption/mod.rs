//! Field-level encryption: which fields of a request are encrypted, with which key, for which requests.
//!
//! A profile names public keys and the fields that each encrypts. A configuration says which profile a
//! request gets, by its content type or by a query argument: see [`choose`]. What becomes of a form's body
//! is in [`form`], and what becomes of one field, and how its owner reads it again, in [`message`].
//! When to ask, and what to answer, is for the caller, which has the request.

mod choice;
mod config;
mod escapes;
pub mod form;
pub mod message;
mod pattern;
mod profile;
mod status;

pub use choice::{Choice, choose};
pub use config::{
    ContentTypeProfile, ContentTypeProfileConfig, FieldLevelEncryptionConfig, QueryArgProfile,
    QueryArgProfileConfig,
};
pub use pattern::FieldPattern;
pub use profile::{EncryptionEntity, FieldLevelEncryptionProfileConfig};
pub use status::Status;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
