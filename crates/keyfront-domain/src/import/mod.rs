//! The document that a key value store is imported from: `{"data":[{"key":"k","value":"v"},…]}`.
//!
//! A document is taken whole or refused whole, and the error is the sentence that the store then shows as
//! its `FailureReason`. Members that the format does not have are ignored, on the top level and in items,
//! because the service's documentation does not forbid them. The limits are the store's own, in UTF-8 bytes.
//! Fetching the object is not done here.
//!
//! Source: AWS: `CloudFront` Developer Guide, File format for key-value pairs.

mod document;
mod error;

use std::collections::HashMap;
use std::fmt;

pub use self::error::ImportError;
use crate::Quotas;

/// One pair of the document.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The key; never empty.
    pub key: String,
    /// The value; may be empty.
    pub value: String,
}

/// Shows the key and the size of the value, never the value.
impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({:?}: {} bytes)", self.key, self.value.len())
    }
}

/// Reads an import document. The pairs keep their order; no key comes twice.
///
/// A byte order mark at the start is skipped, as editors on Windows write one.
pub fn parse(bytes: &[u8], quotas: &Quotas) -> Result<Vec<Pair>, ImportError> {
    if error::size(bytes.len()) > quotas.import_bytes {
        return Err(ImportError::DocumentTooLarge);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return Err(ImportError::NotUtf8 { offset: error.valid_up_to() }),
    };
    let pairs = document::read(text, quotas)?;
    refuse_duplicates(&pairs)?;
    Ok(pairs)
}

fn refuse_duplicates(pairs: &[Pair]) -> Result<(), ImportError> {
    let mut seen = HashMap::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        if let Some(first) = seen.insert(pair.key.as_str(), index) {
            return Err(ImportError::DuplicateKey { key: error::shown(&pair.key), first, second: index });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
