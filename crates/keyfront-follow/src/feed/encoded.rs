//! The writes of commits as they are sent, kept for a moment: all followers of an account get the same bytes, and compressing them is
//! most of what a commit costs.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_store::Version;

/// Commits that are kept, and bytes of one that is.
const MOST_COMMITS: usize = 256;
const MOST_BYTES: usize = 16 * 1024;

/// The newest commits.
#[derive(Default)]
pub(super) struct EncodedCommits(Mutex<VecDeque<Encoded>>);

struct Encoded {
    account: AccountId,
    version: Version,
    bytes: Bytes,
}

impl EncodedCommits {
    /// The bytes of a commit of the engine for an account.
    pub(super) fn get(&self, account: AccountId, version: Version) -> Option<Bytes> {
        let commits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut newest_first = commits.iter().rev();
        let found = newest_first.find(|commit| commit.version == version && commit.account == account);
        found.map(|commit| commit.bytes.clone())
    }

    pub(super) fn keep(&self, account: AccountId, version: Version, bytes: &Bytes) {
        if bytes.len() > MOST_BYTES {
            return;
        }
        let mut commits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        commits.push_back(Encoded { account, version, bytes: bytes.clone() });
        if commits.len() > MOST_COMMITS {
            commits.pop_front();
        }
    }
}
