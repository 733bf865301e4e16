//! Where those that follow a replica can go on: which of its own commits shows which version of the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use keyfront_store::Version;

use super::Freshness;

/// Versions that are remembered: as many as an engine remembers commits.
const MOST: usize = 4096;

/// The newest versions of the store that a replica passed through, with its own commits that show them.
pub struct Resumable {
    freshness: Arc<Freshness>,
    /// Both grow from front to back.
    passed: Mutex<VecDeque<(Version, Version)>>,
}

impl Resumable {
    pub(crate) fn new(freshness: Arc<Freshness>) -> Resumable {
        Resumable { freshness, passed: Mutex::default() }
    }

    /// The replica shows `version` since its own commit `own`.
    pub(crate) fn reached(&self, version: Version, own: Version) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        // A store that was restored counts from an earlier version.
        while passed.back().is_some_and(|(last, _)| *last >= version) {
            passed.pop_back();
        }
        passed.push_back((version, own));
        if passed.len() > MOST {
            passed.pop_front();
        }
    }

    /// The replica's own commit after which everything lies that one lacks who has `version`. The first commit behind
    /// it may hold some that it has: they are applied whole with the rest, which leads to the same state.
    pub(crate) fn own_version(&self, version: Version) -> Option<Version> {
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, own) = passed.iter().rev().find(|(passed, _)| *passed <= version)?;
        Some(*own)
    }

    pub(crate) fn age_ms(&self) -> u64 {
        self.freshness.age().map_or(u64::MAX, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_from_the_last_commit_that_it_has_whole() {
        let resumable = Resumable::new(Arc::new(Freshness::new(Arc::new(|| 0))));
        for (version, own) in [(100, 5), (103, 6), (110, 8)] {
            resumable.reached(Version(version), Version(own));
        }
        for (version, expected) in
            [(99, None), (100, Some(5)), (102, Some(5)), (103, Some(6)), (109, Some(6)), (110, Some(8))]
        {
            assert_eq!(resumable.own_version(Version(version)), expected.map(Version), "{version}");
        }
        resumable.reached(Version(101), Version(9));
        assert_eq!(resumable.own_version(Version(105)), Some(Version(9)));
        assert_eq!(resumable.own_version(Version(100)), Some(Version(5)));
    }
}
