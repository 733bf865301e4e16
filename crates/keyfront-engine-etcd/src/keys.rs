//! The names of keys in etcd.
//!
//! Behind the prefix stands one letter:
//!
//! | letter | rest                      | value                                          |
//! |--------|---------------------------|------------------------------------------------|
//! | `a`    |                           | the format of what is stored here              |
//! | `e`    | a key of the seam         | its value                                      |
//! | `h`    |                           | the mark of the last commit, and what it wrote: see `head` |
//! | `l`    | a lease                   | nothing; gone when the session has ended       |
//! | `o`    | the name of a work        | nothing; gone when its holder is gone: see `hold` |
//! | `s`    | a lease, a number         | that a commit used the session's slot, or the bar against one |
//!
//! Entries and head are neighbours, so that one watch brings both.

use bytes::Bytes;
use keyfront_engine::successor;

const FORMAT: u8 = b'a';
const ENTRIES: u8 = b'e';
const HEAD: u8 = b'h';
const SESSIONS: u8 = b'l';
const HOLDS: u8 = b'o';
const SLOTS: u8 = b's';

/// The keys of one installation.
pub(crate) struct KeySpace {
    prefix: Vec<u8>,
}

impl KeySpace {
    pub(crate) fn new(prefix: &str) -> KeySpace {
        KeySpace { prefix: prefix.as_bytes().to_vec() }
    }

    /// The bytes that a key of the seam is longer by in etcd.
    pub(crate) fn overhead(&self) -> usize {
        self.prefix.len() + 1
    }

    pub(crate) fn format(&self) -> Bytes {
        self.of(FORMAT, &[])
    }

    pub(crate) fn head(&self) -> Bytes {
        self.of(HEAD, &[])
    }

    /// A key of the seam.
    pub(crate) fn entry(&self, key: &[u8]) -> Bytes {
        self.of(ENTRIES, key)
    }

    /// The end of a range of the seam, where an empty one means: without an end.
    pub(crate) fn end_of_entries(&self, end: &[u8]) -> Bytes {
        if end.is_empty() { self.of(ENTRIES + 1, &[]) } else { self.entry(end) }
    }

    /// The key of the seam that a key in etcd stands for; `None` for what is not an entry.
    pub(crate) fn key_of(&self, stored: &Bytes) -> Option<Bytes> {
        let is_entry = stored.starts_with(&self.prefix) && stored.get(self.prefix.len()) == Some(&ENTRIES);
        is_entry.then(|| stored.slice(self.overhead()..))
    }

    /// The range of entries and head.
    pub(crate) fn watched(&self) -> (Bytes, Bytes) {
        (self.entry(&[]), successor(&self.head()))
    }

    /// The key that is there while a session lives.
    pub(crate) fn session(&self, lease: i64) -> Bytes {
        self.of(SESSIONS, &lease.to_be_bytes())
    }

    /// The key that is there while a process holds this work.
    pub(crate) fn hold(&self, name: &str) -> Bytes {
        self.of(HOLDS, name.as_bytes())
    }

    pub(crate) fn slot(&self, lease: i64, number: u32) -> Bytes {
        self.of(SLOTS, &[lease.to_be_bytes().as_slice(), &number.to_be_bytes()].concat())
    }

    /// The slots of one session.
    pub(crate) fn slots(&self, lease: i64) -> (Bytes, Bytes) {
        (self.of(SLOTS, &lease.to_be_bytes()), successor(&self.slot(lease, u32::MAX)))
    }

    /// The slots of all sessions.
    pub(crate) fn all_slots(&self) -> (Bytes, Bytes) {
        (self.of(SLOTS, &[]), self.of(SLOTS + 1, &[]))
    }

    /// The lease in the key of a session or of a slot.
    pub(crate) fn lease_of(&self, stored: &[u8]) -> Option<i64> {
        let rest = stored.get(self.overhead()..)?;
        rest.first_chunk().map(|lease| i64::from_be_bytes(*lease))
    }

    fn of(&self, letter: u8, rest: &[u8]) -> Bytes {
        [&self.prefix[..], &[letter], rest].concat().into()
    }
}
