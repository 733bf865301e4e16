//! What is written: checks and writes that happen together or not at all.

use std::fmt;

use bytes::Bytes;

use super::Version;

/// A condition of a batch: the key's entry has exactly this version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// The key.
    pub key: Bytes,
    /// Its version; [`Version::NEVER`] asks that the key is absent.
    pub version: Version,
}

/// One step of a batch. The steps apply in order.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets the value of a key.
    Put {
        /// The key.
        key: Bytes,
        /// Its new value.
        value: Bytes,
    },
    /// Removes a key; nothing happens when it is absent.
    Delete {
        /// The key.
        key: Bytes,
    },
    /// Removes every key from `start` up to, and without, `end`; an empty `end` means without an end.
    DeleteRange {
        /// The first key.
        start: Bytes,
        /// The first key that stays.
        end: Bytes,
    },
}

impl Write {
    /// The bytes of keys and values that this step carries.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        match self {
            Write::Put { key, value } => key.len() + value.len(),
            Write::Delete { key } => key.len(),
            Write::DeleteRange { start, end } => start.len() + end.len(),
        }
    }
}

/// Values may be secret, so only their length is printed.
impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Write::Put { key, value } => write!(f, "Put({key:?}, {} bytes)", value.len()),
            Write::Delete { key } => write!(f, "Delete({key:?})"),
            Write::DeleteRange { start, end } => write!(f, "DeleteRange({start:?}..{end:?})"),
        }
    }
}

/// Checks and writes that are committed together.
///
/// A check names a key, and a key that appears in a range has none. So a batch that rests on a range checks a *guard*:
/// a key that every writer to the range writes as well. One that rests on everything says so.
///
/// ```
/// use keyfront_engine::{Batch, Version};
///
/// let batch = Batch::default().check("header", Version(7)).put("header", "new").put("pair", "value");
/// assert_eq!(batch.writes.len(), 2);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// Conditions on the state before the batch; all must hold.
    pub checks: Vec<Check>,
    /// Steps, applied in order.
    pub writes: Vec<Write>,
    /// A further condition: no other batch has written anything after this version.
    pub unchanged_since: Option<Version>,
}

impl Batch {
    /// Adds the condition that the key's entry has exactly this version.
    #[must_use]
    pub fn check(mut self, key: impl Into<Bytes>, version: Version) -> Batch {
        self.checks.push(Check { key: key.into(), version });
        self
    }

    /// Adds the condition that the key is absent.
    #[must_use]
    pub fn absent(self, key: impl Into<Bytes>) -> Batch {
        self.check(key, Version::NEVER)
    }

    /// Adds the condition that this version, which a snapshot had, is still that of the last commit.
    #[must_use]
    pub fn unchanged_since(self, version: Version) -> Batch {
        Batch { unchanged_since: Some(version), ..self }
    }

    /// Sets the value of a key.
    #[must_use]
    pub fn put(mut self, key: impl Into<Bytes>, value: impl Into<Bytes>) -> Batch {
        self.writes.push(Write::Put { key: key.into(), value: value.into() });
        self
    }

    /// Removes a key.
    #[must_use]
    pub fn delete(mut self, key: impl Into<Bytes>) -> Batch {
        self.writes.push(Write::Delete { key: key.into() });
        self
    }

    /// Removes every key from `start` up to, and without, `end` (empty: without an end).
    #[must_use]
    pub fn delete_range(mut self, start: impl Into<Bytes>, end: impl Into<Bytes>) -> Batch {
        self.writes.push(Write::DeleteRange { start: start.into(), end: end.into() });
        self
    }

    /// The bytes of keys and values that the batch carries.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.checks.iter().map(|check| check.key.len()).sum::<usize>()
            + self.writes.iter().map(Write::size_bytes).sum::<usize>()
    }
}

/// How a commit ended when storage did its part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Every check held and every write is durable, as this version. For a batch without writes it is
    /// the version at which the checks held.
    Committed(Version),
    /// A check did not hold, and nothing was written.
    Conflict,
}
