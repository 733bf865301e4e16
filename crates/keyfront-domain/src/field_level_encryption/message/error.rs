//! Why a message cannot be decrypted.

use std::fmt;

/// Why, for a person. It holds nothing of what was encrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecryptable {
    /// The bytes do not follow the format.
    #[error("this is not a message of the AWS Encryption SDK: {0}")]
    Malformed(&'static str),
    /// The text is not base64.
    #[error("this is neither a message of the AWS Encryption SDK nor one in base64")]
    NotBase64,
    /// A suite that no release of the SDK had.
    #[error("the message says that it uses algorithm suite {0:#06x}, which is not known")]
    UnknownSuite(u16),
    /// More data keys than Keyfront accepts.
    #[error("the message has {0} data keys; at most {max} are tried", max = super::decrypt::MAX_DATA_KEYS)]
    TooManyDataKeys(u16),
    /// No data key is for the expected provider and name.
    #[error("the message is for another key: {}", Names(.0))]
    OtherKey(Vec<(String, String)>),
    /// No data key can be opened.
    #[error(
        "the private key opens no data key of the message: it is another key, or the message was changed"
    )]
    WrongKey,
    /// A tag, or the commitment, does not fit.
    #[error("the message was changed after it was encrypted, or cut")]
    Altered,
    /// The signature does not fit.
    #[error("the message's signature is not valid")]
    BadSignature,
}

/// Providers and names that a message is for. They come from the message, so they are escaped.
struct Names<'a>(&'a [(String, String)]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (provider, name)) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}provider {provider:?} with key name {name:?}")?;
        }
        Ok(())
    }
}
