//! Lookups: reads of few keys, of which one request has several.

use std::collections::VecDeque;

use keyfront_engine::{Range, Snapshot, StoreError};
use tokio::sync::oneshot;

/// The most keys of one read that counts as a lookup.
const FEW: usize = 8;

/// The most keys of one request: as many as a page has, so that one answer has all of them.
const MOST: usize = 128;

/// Keys, and who waits for them.
pub(crate) struct Lookup {
    pub(crate) ranges: Vec<Range>,
    pub(crate) answer: oneshot::Sender<Result<Snapshot, StoreError>>,
}

/// Whether these are few keys and no ranges.
pub(crate) fn is_lookup(ranges: &[Range]) -> bool {
    !ranges.is_empty() && ranges.len() <= FEW && ranges.iter().all(Range::is_one_key)
}

/// Takes as many as one request has place for.
pub(crate) fn choose(waiting: &mut VecDeque<Lookup>) -> Vec<Lookup> {
    let mut keys = 0;
    let fits = |one: &&Lookup| {
        keys += one.ranges.len();
        keys <= MOST
    };
    let count = waiting.iter().take_while(fits).count();
    waiting.drain(..count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_keys_are_a_lookup() {
        let keys = |count: usize| (0..count).map(|key| Range::key(key.to_string())).collect::<Vec<_>>();
        let cases = [
            (keys(1), true),
            (keys(FEW), true),
            (keys(FEW + 1), false),
            // It asks for the version alone, and has no answer of its own to be found in one of several.
            (Vec::new(), false),
            (vec![Range::key("a"), Range::prefix("b")], false),
            (vec![Range::key("a").limit(0)], false),
        ];
        for (ranges, expected) in cases {
            assert_eq!(is_lookup(&ranges), expected, "{ranges:?}");
        }
    }

    #[test]
    fn a_request_has_place_for_a_page_of_keys() {
        let lookup = |_| Lookup { ranges: vec![Range::key("k"); FEW], answer: oneshot::channel().0 };
        let mut waiting: VecDeque<Lookup> = (0..MOST / FEW + 3).map(lookup).collect();
        assert_eq!(choose(&mut waiting).len(), MOST / FEW);
        assert_eq!(choose(&mut waiting).len(), 3);
    }
}
