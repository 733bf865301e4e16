//! What keys had a moment ago, in memory: so that the first try of a transaction asks etcd nothing.
//!
//! It learns from reads, from this server's own commits and from the watch, which tells of those of others. Each key has
//! what some moment of the last ones left there; the keys of one answer may be of several. That is enough for what the
//! checks of a commit confirm, and for nothing else. While no watch runs, nothing is answered from here.
//!
//! A key that a commit found changed is forgotten, so that a watch that stands still costs a try for each key and no more.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use keyfront_engine::{Batch, Entry, Range, Snapshot, Version, Write};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::lookup;

/// Bytes of keys and values, with what they take beside them.
const BYTES: u64 = 8 << 20;

/// What an entry takes beside key and value, about.
const OVERHEAD: u64 = 128;

/// Larger values are not kept: reading one again costs little beside the transaction that needs it.
const LARGEST_VALUE: usize = 4 << 10;

pub(crate) struct Recent {
    keys: Cache<Bytes, Seen, ByBytes>,
    is_followed: AtomicBool,
}

/// What a key had.
#[derive(Clone)]
struct Seen {
    /// `None`: it was absent.
    entry: Option<(Bytes, Version)>,
    /// When: the version of the last commit then.
    at: Version,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Bytes, Seen> for ByBytes {
    fn weight(&self, key: &Bytes, seen: &Seen) -> u64 {
        let bytes = key.len() + seen.entry.as_ref().map_or(0, |(value, _)| value.len());
        OVERHEAD.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX))
    }
}

impl Default for Recent {
    fn default() -> Recent {
        let keys = Cache::with_weighter(usize::try_from(BYTES / 256).unwrap_or(0), BYTES, ByBytes);
        Recent { keys, is_followed: AtomicBool::new(false) }
    }
}

impl Recent {
    /// What these keys had; `None` unless all are known, and where one of the ranges spans several keys.
    pub(crate) fn find(&self, keys: &[Range]) -> Option<Snapshot> {
        if !self.is_followed.load(Ordering::Acquire) || !lookup::is_lookup(keys) {
            return None;
        }
        let mut version = Version::NEVER;
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let Seen { entry, at } = self.keys.get(&key.start)?;
            version = version.max(at);
            let entry = entry.map(|(value, version)| Entry { key: key.start.clone(), value, version });
            found.push(entry.into_iter().collect());
        }
        Some(Snapshot { version, ranges: found })
    }

    /// Takes what a read of these keys found.
    pub(crate) fn learn(&self, keys: &[Range], found: &Snapshot) {
        for (key, found_there) in keys.iter().zip(&found.ranges) {
            let entry = found_there.first().map(|entry| (entry.value.clone(), entry.version));
            self.see(&key.start, Seen { entry, at: found.version });
        }
    }

    /// Takes what a commit wrote.
    pub(crate) fn note(&self, writes: &[Write], at: Version) {
        for write in writes {
            match write {
                Write::Put { key, value } => self.see(key, Seen { entry: Some((value.clone(), at)), at }),
                Write::Delete { key } => self.see(key, Seen { entry: None, at }),
                Write::DeleteRange { .. } => self.keys.clear(),
            }
        }
    }

    /// Forgets the keys that a batch rested on, one of which had changed.
    pub(crate) fn forget(&self, batch: &Batch) {
        for check in &batch.checks {
            self.keys.remove(&check.key);
        }
    }

    /// A watch tells of what is committed from now on.
    pub(crate) fn follow(&self) {
        self.is_followed.store(true, Ordering::Release);
    }

    /// No watch tells of anything.
    pub(crate) fn lose(&self) {
        self.is_followed.store(false, Ordering::Release);
        self.keys.clear();
    }

    fn see(&self, key: &Bytes, seen: Seen) {
        let is_late = self.keys.peek(key).is_some_and(|known| known.at > seen.at);
        if is_late {
            return;
        }
        if seen.entry.as_ref().is_some_and(|(value, _)| value.len() > LARGEST_VALUE) {
            self.keys.remove(key);
            return;
        }
        // Copies, because what came in a message shares its memory.
        let entry = seen.entry.map(|(value, version)| (Bytes::copy_from_slice(&value), version));
        self.keys.insert(Bytes::copy_from_slice(key), Seen { entry, ..seen });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What commits wrote, with their versions, in the order in which they are learned.
    type Commits<'c> = &'c [(&'c [Write], Version)];

    fn put(key: &'static str, value: &'static str) -> Write {
        Write::Put { key: key.into(), value: value.into() }
    }

    fn delete(key: &'static str) -> Write {
        Write::Delete { key: key.into() }
    }

    fn followed() -> Recent {
        let recent = Recent::default();
        recent.follow();
        recent
    }

    /// What a key had, in words; nothing for one that is not known.
    fn found(recent: &Recent, key: &'static str) -> Option<String> {
        let snapshot = recent.find(&[Range::key(key)])?;
        let said =
            |entry: &Entry| format!("{} of {}", String::from_utf8_lossy(&entry.value), entry.version.0);
        Some(snapshot.one(0).map_or_else(|| "absent".to_owned(), said))
    }

    #[test]
    fn a_key_has_what_the_last_commit_left_whatever_is_learned_first() {
        let (first, second) = (Version(1), Version(2));
        let cases: &[(&str, Commits<'_>, Option<&str>)] = &[
            ("nothing", &[], None),
            ("a put", &[(&[put("key", "1")], first)], Some("1 of 1")),
            ("another key", &[(&[put("other", "1")], first)], None),
            ("in order", &[(&[put("key", "1")], first), (&[put("key", "2")], second)], Some("2 of 2")),
            ("late", &[(&[put("key", "2")], second), (&[put("key", "1")], first)], Some("2 of 2")),
            ("twice in one", &[(&[put("key", "1"), put("key", "2")], first)], Some("2 of 1")),
            ("a removal", &[(&[put("key", "1")], first), (&[delete("key")], second)], Some("absent")),
            ("a late put", &[(&[delete("key")], second), (&[put("key", "1")], first)], Some("absent")),
        ];
        for (what, commits, expected) in cases {
            let recent = followed();
            commits.iter().for_each(|(writes, version)| recent.note(writes, *version));
            assert_eq!(found(&recent, "key").as_deref(), *expected, "{what}");
        }
    }

    #[test]
    fn nothing_is_answered_that_may_have_changed_unseen() {
        let known = || {
            let recent = followed();
            recent.note(&[put("key", "1")], Version(1));
            recent
        };
        let recent = known();
        recent.note(&[Write::DeleteRange { start: "a".into(), end: "z".into() }], Version(2));
        assert_eq!(found(&recent, "key"), None, "a range was deleted");
        let recent = known();
        recent.forget(&Batch::default().check("key", Version(1)));
        assert_eq!(found(&recent, "key"), None, "a check did not hold");
        let recent = known();
        recent.lose();
        assert_eq!(found(&recent, "key"), None, "no watch");
        recent.note(&[put("key", "2")], Version(2));
        assert_eq!(found(&recent, "key"), None, "a commit without a watch");
        recent.follow();
        assert!(found(&recent, "key").is_some(), "a watch again");
    }

    #[test]
    fn a_read_tells_of_absent_keys_too_and_all_keys_have_to_be_known() {
        let recent = followed();
        let keys = [Range::key("here"), Range::key("absent")];
        let entry = Entry { key: "here".into(), value: "1".into(), version: Version(3) };
        recent.learn(&keys, &Snapshot { version: Version(5), ranges: vec![vec![entry.clone()], vec![]] });
        assert_eq!(
            recent.find(&keys),
            Some(Snapshot { version: Version(5), ranges: vec![vec![entry], vec![]] })
        );
        let unknown = [
            vec![Range::key("here"), Range::key("unknown")],
            // These begin with a key that is known, and may have more.
            vec![Range::prefix("here")],
            vec![Range::key("here"), Range::new("here", "z")],
            vec![Range::prefix("here").limit(1)],
            Vec::new(),
        ];
        for asked in unknown {
            assert_eq!(recent.find(&asked), None, "{asked:?}");
        }
    }

    #[test]
    fn it_keeps_a_bounded_number_of_bytes_and_no_large_value() {
        let recent = followed();
        let large =
            |key: &str, bytes| Write::Put { key: key.to_owned().into(), value: vec![0; bytes].into() };
        recent.note(&[put("key", "1")], Version(1));
        recent.note(&[large("key", LARGEST_VALUE + 1)], Version(2));
        assert_eq!(found(&recent, "key"), None);
        for key in 0..4096 {
            recent.note(&[large(&key.to_string(), LARGEST_VALUE)], Version(3));
        }
        assert!(recent.keys.weight() <= BYTES, "{}", recent.keys.weight());
        assert!(!recent.keys.is_empty());
    }
}
