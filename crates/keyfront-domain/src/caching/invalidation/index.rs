//! Many invalidation paths, each with a sequence number, asked for the newest that names a target.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::InvalidationPath;

/// The paths of the invalidations of one distribution.
///
/// Each path has the sequence number of the invalidation that named it last; numbers grow. A question costs the length
/// of the target and the logarithm of the number of paths, however many invalidations there were.
#[derive(Clone, Debug, Default)]
pub struct InvalidationIndex {
    /// `/*`, the most frequent one.
    everything: u64,
    exact: HashMap<String, u64>,
    prefixes: BTreeMap<String, u64>,
}

impl InvalidationIndex {
    /// Adds a path.
    pub fn add(&mut self, path: InvalidationPath, sequence: u64) {
        let known = match path {
            InvalidationPath::Exact(path) => self.exact.entry(path).or_default(),
            // Every target begins with a slash.
            InvalidationPath::Prefix(prefix) if prefix.is_empty() || prefix == "/" => &mut self.everything,
            InvalidationPath::Prefix(prefix) => self.prefixes.entry(prefix).or_default(),
        };
        *known = sequence.max(*known);
    }

    /// The sequence number of the newest invalidation that names a target, in the form of
    /// [`canonical`](super::canonical); 0 if there is none.
    pub fn newest(&self, target: &str) -> u64 {
        let exact = self.exact.get(target).copied().unwrap_or(0);
        self.everything.max(exact).max(self.newest_prefix(target))
    }

    /// Forgets the paths whose number is at most this.
    pub fn forget(&mut self, up_to: u64) {
        if self.everything <= up_to {
            self.everything = 0;
        }
        self.exact.retain(|_, sequence| *sequence > up_to);
        self.prefixes.retain(|_, sequence| *sequence > up_to);
    }

    /// How many paths there are.
    pub fn len(&self) -> usize {
        usize::from(self.everything > 0) + self.exact.len() + self.prefixes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The largest prefix that is not after the target is a prefix of it, or shares less with it: in both cases the next
    /// one to look for is shorter than what was found, so that there are at most as many steps as the target is long.
    fn newest_prefix(&self, target: &str) -> u64 {
        let (mut newest, mut wanted) = (0, target);
        while !wanted.is_empty() {
            let Some((found, sequence)) =
                self.prefixes.range::<str, _>((Bound::Unbounded, Bound::Included(wanted))).next_back()
            else {
                break;
            };
            let shared = shared_prefix(found, wanted);
            if shared.len() == found.len() {
                newest = newest.max(*sequence);
                // All that is shorter.
                let last = shared.char_indices().next_back().map_or(0, |(at, _)| at);
                wanted = shared.get(..last).unwrap_or_default();
            } else {
                wanted = shared;
            }
        }
        newest
    }
}

fn shared_prefix<'t>(one: &str, other: &'t str) -> &'t str {
    let differs = one.char_indices().zip(other.chars()).find(|((_, one), other)| one != other);
    let length = differs.map_or(one.len().min(other.len()), |((at, _), _)| at);
    other.get(..length).unwrap_or_default()
}
