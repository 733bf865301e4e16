//! Profiles: which fields are encrypted with which key.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::FieldPattern;
use crate::counted::more_than;
use crate::{Counted, Quotas, name};

/// `FieldLevelEncryptionProfileConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FieldLevelEncryptionProfileConfig {
    /// Unique in the account.
    pub name: String,
    /// Tells requests apart.
    pub caller_reference: String,
    /// A comment.
    pub comment: Option<String>,
    /// Keys, and what each encrypts.
    pub encryption_entities: Counted<EncryptionEntity>,
}

/// A public key and the fields that are encrypted with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionEntity {
    /// The id of an RSA key.
    pub public_key_id: String,
    /// What the consumer's key provider is called; the decrypting side must say the same.
    pub provider_id: String,
    /// The fields.
    pub field_patterns: Counted<String>,
}

impl FieldLevelEncryptionProfileConfig {
    /// Refuses what cannot be a profile. That the keys exist is for others to check.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        name::check_key_name(&self.name)?;
        name::check_caller_reference(&self.caller_reference)?;
        name::check_comment(self.comment.as_deref())?;
        self.encryption_entities.check()?;
        if more_than(self.encryption_entities.items.len(), quotas.encryption_entities_per_profile) {
            return Err(ServiceError::new(
                Code::TooManyFieldLevelEncryptionEncryptionEntities,
                "The maximum number of encryption entities for field-level encryption have been created.",
            ));
        }
        for entity in &self.encryption_entities.items {
            entity.check()?;
        }
        self.check_patterns(quotas)
    }

    /// The patterns of all entities together: a field that two patterns mean would have two keys.
    fn check_patterns(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        let entities = self.encryption_entities.items.iter();
        let texts: Vec<&String> = entities.flat_map(|entity| &entity.field_patterns.items).collect();
        if more_than(texts.len(), quotas.field_patterns_per_profile) {
            return Err(ServiceError::new(
                Code::TooManyFieldLevelEncryptionFieldPatterns,
                "The maximum number of field patterns for field-level encryption have been created.",
            ));
        }
        let mut patterns: Vec<FieldPattern<'_>> = Vec::new();
        for text in texts {
            let pattern = FieldPattern::parse(text).ok_or_else(|| {
                ServiceError::argument(
                    "FieldPattern",
                    "It must have 1 to 128 letters, digits and characters of []._- and may end with *.",
                )
            })?;
            if patterns.iter().any(|other| other.overlaps(&pattern)) {
                return Err(ServiceError::argument("FieldPatterns", "Two patterns must not overlap."));
            }
            patterns.push(pattern);
        }
        Ok(())
    }

    /// Refuses to become `after`: a request's reference stays.
    pub fn check_change(&self, after: &FieldLevelEncryptionProfileConfig) -> Result<(), ServiceError> {
        if self.caller_reference == after.caller_reference {
            Ok(())
        } else {
            Err(ServiceError::ILLEGAL_UPDATE)
        }
    }

    /// The ids of the public keys, each once.
    pub fn public_key_ids(&self) -> BTreeSet<&str> {
        self.encryption_entities.items.iter().map(|entity| entity.public_key_id.as_str()).collect()
    }
}

impl EncryptionEntity {
    fn check(&self) -> Result<(), ServiceError> {
        self.field_patterns.check()?;
        let provider = self.provider_id.as_bytes();
        let valid = provider.iter().all(|b| b.is_ascii_alphanumeric() || b":_-".contains(b));
        if !valid || !(1..=128).contains(&provider.len()) {
            return Err(ServiceError::argument(
                "ProviderId",
                "It must have 1 to 128 letters, digits, colons, underscores and hyphens.",
            ));
        }
        Ok(())
    }
}
