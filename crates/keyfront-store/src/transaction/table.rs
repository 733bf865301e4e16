//! Tables, and keys and prefixes that know whose record they lead to.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;

use crate::{Engine, Range, StoreError};

/// A value that a table holds, with its version byte.
pub trait Record: Sized {
    /// The value.
    ///
    /// # Errors
    /// It cannot be written down.
    fn encode(&self) -> Result<Bytes, StoreError>;

    /// Reads a value of any version that was ever released; nothing when it is of a later one or damaged.
    fn decode(value: &Bytes) -> Option<Self>;
}

/// A table: the keys that begin with one byte, and the record that each leads to.
pub struct Table<R> {
    first: u8,
    name: &'static str,
    record: PhantomData<fn() -> R>,
}

impl<R> Table<R> {
    /// The table whose keys begin with `first`. Messages call its records by `name`.
    pub(crate) const fn new(first: u8, name: &'static str) -> Table<R> {
        Table { first, name, record: PhantomData }
    }

    /// The first byte of its keys.
    pub(crate) const fn first(&self) -> u8 {
        self.first
    }

    /// The key that these parts make one after the other.
    pub(crate) fn key(&'static self, parts: &[&[u8]]) -> Key<R> {
        Key { table: self, bytes: self.join(parts) }
    }

    /// The keys that begin with these parts.
    pub(crate) fn prefix(&'static self, parts: &[&[u8]]) -> Prefix<R> {
        Prefix { table: self, bytes: self.join(parts) }
    }

    fn join(&self, parts: &[&[u8]]) -> Bytes {
        let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
        key.push(self.first);
        for part in parts {
            key.extend_from_slice(part);
        }
        Bytes::from(key)
    }
}

impl<R: Record> Table<R> {
    /// Reads a value of this table.
    ///
    /// # Errors
    /// The value is damaged, or was written by a later version of Keyfront.
    pub fn decode(&self, value: &Bytes) -> Result<R, StoreError> {
        R::decode(value).ok_or_else(|| crate::records::damaged(self.name))
    }
}

/// The key of one record.
pub struct Key<R: 'static> {
    pub(super) table: &'static Table<R>,
    pub(super) bytes: Bytes,
}

impl<R> Key<R> {
    /// The table that it is of.
    pub(crate) fn table(&self) -> &'static Table<R> {
        self.table
    }

    /// The key as the engine knows it.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }
}

impl<R: Record> Key<R> {
    /// Reads a value that was found under the key.
    ///
    /// # Errors
    /// The value is damaged, or was written by a later version of Keyfront.
    pub fn decode(&self, value: &Bytes) -> Result<R, StoreError> {
        self.table.decode(value)
    }

    /// The record, read by itself.
    ///
    /// # Errors
    /// A failed read, or a value that cannot be decoded.
    pub async fn read(&self, engine: &dyn Engine) -> Result<Option<R>, StoreError> {
        let snapshot = engine.read(&[Range::key(self.bytes())]).await?;
        let entry = snapshot.ranges.into_iter().flatten().next();
        entry.map(|entry| self.table.decode(&entry.value)).transpose()
    }
}

impl<R> Clone for Key<R> {
    fn clone(&self) -> Key<R> {
        Key { table: self.table, bytes: self.bytes() }
    }
}

impl<R> PartialEq for Key<R> {
    fn eq(&self, other: &Key<R>) -> bool {
        self.bytes == other.bytes
    }
}

impl<R> fmt::Debug for Key<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.table.name, self.bytes)
    }
}

/// The keys of a table that begin alike.
pub struct Prefix<R: 'static> {
    pub(super) table: &'static Table<R>,
    bytes: Bytes,
}

impl<R> Prefix<R> {
    /// The table that they are of.
    pub(crate) fn table(&self) -> &'static Table<R> {
        self.table
    }

    /// All its keys.
    #[must_use]
    pub fn range(&self) -> Range {
        Range::prefix(self.bytes.clone())
    }

    /// What follows the prefix in a key that begins with it.
    #[must_use]
    pub fn rest(&self, key: &Bytes) -> Bytes {
        key.slice(self.bytes.len().min(key.len())..)
    }
}

impl<R: Record> Prefix<R> {
    /// The records, at most `limit` of them, in key order, with what follows the prefix in their keys; read by
    /// themselves from one snapshot.
    ///
    /// # Errors
    /// A failed read, or a value that cannot be decoded.
    pub async fn read(&self, engine: &dyn Engine, limit: usize) -> Result<Vec<(Bytes, R)>, StoreError> {
        let snapshot = engine.read(&[self.range().limit(limit)]).await?;
        let entries = snapshot.ranges.into_iter().flatten();
        entries.map(|entry| Ok((self.rest(&entry.key), self.table.decode(&entry.value)?))).collect()
    }
}
