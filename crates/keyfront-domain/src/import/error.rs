//! Errors of import documents, in the words that `FailureReason` shows.

/// An import document that is refused; its `Display` is the store's `FailureReason`. No value of a pair is
/// ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The object itself is over the limit. The text is the service's own, seen in the SDK's example of
    /// `DescribeKeyValueStore`.
    #[error("Datasource size exceeds the allowed limit")]
    DocumentTooLarge,
    /// Keys and values together are over the limit of a store. The service has one text for both.
    #[error("Datasource size exceeds the allowed limit")]
    StoreTooLarge,
    /// The document is not UTF-8.
    #[error("The data source is not UTF-8: the byte at offset {offset} is not valid")]
    NotUtf8 {
        /// Where the first invalid byte is, from 0.
        offset: usize,
    },
    /// The document is not JSON.
    #[error("The data source is not valid JSON: {0}")]
    NotJson(String),
    /// A member has the wrong type.
    #[error("{place} is {found}; it must be {expected}")]
    WrongType {
        /// Which member, such as `data[3].value`.
        place: String,
        /// The type it has.
        found: &'static str,
        /// The type it must have.
        expected: &'static str,
    },
    /// A member is not there.
    #[error("{place} is missing")]
    Missing {
        /// Which member, such as `data[3].value`.
        place: String,
    },
    /// A member comes twice in one object.
    #[error("{place} is given twice")]
    Repeated {
        /// Which member, such as `data[3].value`.
        place: String,
    },
    /// A key is empty.
    #[error("data[{index}].key is empty; a key has at least one character")]
    EmptyKey {
        /// Which item, from 0.
        index: usize,
    },
    /// A key is too long.
    #[error("The key {key} at data[{index}] has {bytes} bytes; a key has at most {limit}")]
    KeyTooLarge {
        /// Which item, from 0.
        index: usize,
        /// The key, shortened.
        key: String,
        /// Its length.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A value is too long.
    #[error("The value of the key {key} at data[{index}] has {bytes} bytes; a value has at most {limit}")]
    ValueTooLarge {
        /// Which item, from 0.
        index: usize,
        /// The key, shortened.
        key: String,
        /// The value's length.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A key comes twice.
    #[error("The key {key} is given twice, at data[{first}] and data[{second}]; remove one of them")]
    DuplicateKey {
        /// The key, shortened.
        key: String,
        /// The item that has it first, from 0.
        first: usize,
        /// The item that repeats it.
        second: usize,
    },
}

const SHOWN_CHARACTERS: usize = 48;

/// A key as an error shows it: quoted, escaped, and cut when it is long.
pub(super) fn shown(key: &str) -> String {
    match key.char_indices().nth(SHOWN_CHARACTERS) {
        None => format!("{key:?}"),
        Some((end, _)) => format!("{:?}…", key.get(..end).unwrap_or_default()),
    }
}

/// A length as the quotas count it.
pub(super) fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
