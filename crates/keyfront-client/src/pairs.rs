//! Pairs in memory: those of a file or of a store.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use keyfront_domain::pairs::{Totals, size};

/// Keys and their values, in the order of the keys' bytes.
///
/// `Debug` shows how many there are and how large they are, never a key or a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pairs(BTreeMap<String, String>);

impl Pairs {
    /// No pairs.
    pub fn new() -> Self {
        Pairs::default()
    }

    /// Sets the value of a key, and gives the value that it had.
    pub fn insert(&mut self, key: String, value: String) -> Option<String> {
        self.0.insert(key, value)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every key with its value, in the order of the keys' bytes.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// Number and size as a store counts them. Looks at every pair.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (key, value) in self {
            totals.item_count += 1;
            totals.total_size_in_bytes += size(key, value);
        }
        totals
    }
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Totals { item_count, total_size_in_bytes } = self.totals();
        write!(f, "Pairs({item_count}: {total_size_in_bytes} bytes)")
    }
}

/// The pairs of a [`Pairs`], in order.
#[derive(Clone)]
pub struct Iter<'a>(btree_map::Iter<'a, String, String>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        self.0.next().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'a> IntoIterator for &'a Pairs {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl IntoIterator for Pairs {
    type Item = (String, String);
    type IntoIter = btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Pairs {
    /// The last value of a key counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Pairs(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
