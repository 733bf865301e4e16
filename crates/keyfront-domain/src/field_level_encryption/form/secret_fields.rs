//! Which fields are encrypted for which recipient: a profile with its keys.

use std::sync::Arc;

use crate::field_level_encryption::message::{InvalidRecipient, Recipient};
use crate::field_level_encryption::{FieldLevelEncryptionProfileConfig, FieldPattern};
use crate::public_key::{InvalidEncodedKey, PublicKeyConfig};

/// Patterns of names, each with the recipient of what it means.
#[derive(Debug, Default)]
pub struct SecretFields {
    rules: Vec<(String, Arc<Recipient>)>,
}

/// Why a profile cannot be used. The control plane accepts none of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFields {
    /// The profile names a public key that is not there.
    #[error("the public key {0} does not exist")]
    NoSuchKey(String),
    /// The text of a public key is not one.
    #[error("the public key cannot be read")]
    Key(#[from] InvalidEncodedKey),
    /// Nothing can be encrypted with the key.
    #[error(transparent)]
    Recipient(#[from] InvalidRecipient),
    /// A pattern is not one.
    #[error(
        "the field pattern {0:?} is not valid: it has 1 to 128 letters, digits and characters of []._- and \
         may end with *"
    )]
    Pattern(String),
    /// Two patterns mean the same fields.
    #[error("the field patterns {0:?} and {1:?} overlap")]
    Overlap(String, String),
}

impl SecretFields {
    /// The fields of a profile. `key` finds a public key by its id.
    ///
    /// # Errors
    /// A key that is missing or not RSA, and whatever makes a profile invalid.
    pub fn of_profile<'k>(
        profile: &FieldLevelEncryptionProfileConfig,
        key: impl Fn(&str) -> Option<&'k PublicKeyConfig>,
    ) -> Result<SecretFields, InvalidFields> {
        let mut fields = SecretFields::default();
        for entity in &profile.encryption_entities.items {
            let id = &entity.public_key_id;
            let key = key(id).ok_or_else(|| InvalidFields::NoSuchKey(id.clone()))?;
            let recipient = Recipient::new(entity.provider_id.clone(), key.name.clone(), &key.key()?)?;
            fields = fields.with(recipient, &entity.field_patterns.items)?;
        }
        Ok(fields)
    }

    /// Further fields, encrypted for `recipient`.
    ///
    /// # Errors
    /// What is not a pattern, and patterns that overlap with each other or with those that are there.
    pub fn with(mut self, recipient: Recipient, patterns: &[String]) -> Result<SecretFields, InvalidFields> {
        let recipient = Arc::new(recipient);
        for text in patterns {
            let pattern = FieldPattern::parse(text).ok_or_else(|| InvalidFields::Pattern(text.clone()))?;
            let overlaps =
                |other: &str| FieldPattern::parse(other).is_some_and(|other| other.overlaps(&pattern));
            if let Some((other, _)) = self.rules.iter().find(|(other, _)| overlaps(other)) {
                return Err(InvalidFields::Overlap(other.clone(), text.clone()));
            }
            self.rules.push((text.clone(), Arc::clone(&recipient)));
        }
        Ok(self)
    }

    /// The place of the pattern that means a field, and the field's recipient, if it has one.
    pub(super) fn recipient_of(&self, name: &[u8]) -> Option<(usize, Arc<Recipient>)> {
        let means = |text: &str| FieldPattern::parse(text).is_some_and(|pattern| pattern.matches(name));
        let mut rules = self.rules.iter().enumerate();
        rules
            .find(|(_, (pattern, _))| means(pattern))
            .map(|(place, (_, recipient))| (place, Arc::clone(recipient)))
    }

    /// The patterns, in their order.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|(pattern, _)| pattern.as_str())
    }
}
