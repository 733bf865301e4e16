//! The steps of a batch as one transaction of etcd can carry them out.
//!
//! A batch applies its steps in order and may name a key several times. A transaction of etcd may write a key
//! once, and no range that it deletes may hold a key that it puts. A plan has the same effect in that form.

use std::collections::BTreeMap;

use bytes::Bytes;
use keyfront_engine::{Write, bounds, is_no_range, successor};

/// Puts, and ranges to delete that overlap neither each other nor a put.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// What is there afterwards.
    pub(crate) puts: BTreeMap<Bytes, Bytes>,
    /// From a key up to and without another one; an empty end means without an end.
    pub(crate) deletes: Vec<(Bytes, Bytes)>,
}

impl Plan {
    /// What the steps come to. It has at most twice as many operations as there are steps.
    pub(crate) fn of(writes: &[Write]) -> Plan {
        let mut puts: BTreeMap<Bytes, Bytes> = BTreeMap::new();
        let mut gone: Vec<(Bytes, Bytes)> = Vec::new();
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    puts.insert(key.clone(), value.clone());
                }
                Write::Delete { key } => {
                    puts.remove(key);
                    gone.push((key.clone(), successor(key)));
                }
                Write::DeleteRange { start, end } => {
                    if is_no_range(start, end) {
                        continue;
                    }
                    let range = puts.range::<[u8], _>(bounds(start, end));
                    let doomed: Vec<Bytes> = range.map(|(key, _)| key.clone()).collect();
                    for key in doomed {
                        puts.remove(&key);
                    }
                    gone.push((start.clone(), end.clone()));
                }
            }
        }
        let deletes = without_puts(union(gone), &puts);
        Plan { puts, deletes }
    }
}

/// The same keys in ranges that do not overlap, in order.
fn union(mut ranges: Vec<(Bytes, Bytes)>) -> Vec<(Bytes, Bytes)> {
    ranges.sort_unstable();
    let mut union: Vec<(Bytes, Bytes)> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges {
        match union.last_mut() {
            Some((_, last)) if last.is_empty() || start <= *last => {
                if !last.is_empty() && (end.is_empty() || end > *last) {
                    *last = end;
                }
            }
            Some(_) | None => union.push((start, end)),
        }
    }
    union
}

/// The ranges with holes where a put is.
fn without_puts(ranges: Vec<(Bytes, Bytes)>, puts: &BTreeMap<Bytes, Bytes>) -> Vec<(Bytes, Bytes)> {
    let mut pieces = Vec::with_capacity(ranges.len());
    for (mut start, end) in ranges {
        let first = start.clone();
        for (key, _) in puts.range::<[u8], _>(bounds(&first, &end)) {
            if start < *key {
                pieces.push((start, key.clone()));
            }
            start = successor(key);
        }
        if !is_no_range(&start, &end) {
            pieces.push((start, end));
        }
    }
    pieces
}

#[cfg(test)]
mod tests;
