//! Field-level encryption: which fields of a request are encrypted, with which key, for which requests.
//!
//! A profile names public keys and the fields that each encrypts. A configuration says which profile a
//! request gets, by its content type or by a query argument. The encryption itself happens elsewhere.

mod config;
mod pattern;
mod profile;

pub use config::{
    ContentTypeProfile, ContentTypeProfileConfig, FieldLevelEncryptionConfig, QueryArgProfile,
    QueryArgProfileConfig,
};
pub use pattern::FieldPattern;
pub use profile::{EncryptionEntity, FieldLevelEncryptionProfileConfig};

#[cfg(test)]
mod tests;
