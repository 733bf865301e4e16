//! The writes that turn what a replica has into an image.

use std::collections::BTreeMap;

use bytes::Bytes;
use keyfront_store::{Entry, Write};

/// The entries of an image, by key.
pub(super) type Entries = BTreeMap<Bytes, Bytes>;

/// Does some writes to the entries.
pub(super) fn apply(entries: &mut Entries, writes: Vec<Write>) {
    for write in writes {
        match write {
            Write::Put { key, value } => {
                entries.insert(key, value);
            }
            Write::Delete { key } => {
                entries.remove(&key);
            }
            Write::DeleteRange { start, end } => {
                let doomed: Vec<Bytes> = entries.range(start..end).map(|(key, _)| key.clone()).collect();
                for key in doomed {
                    entries.remove(&key);
                }
            }
        }
    }
}

/// The writes after which there is what the image has, and nothing else: no more than what differs, so that readers keep
/// what they made of the rest.
pub(super) fn difference(held: &[Entry], mut image: Entries) -> Vec<Write> {
    let mut writes = Vec::new();
    for Entry { key, value, .. } in held {
        match image.remove(key) {
            Some(wanted) if wanted == *value => {}
            Some(wanted) => writes.push(Write::Put { key: key.clone(), value: wanted }),
            None => writes.push(Write::Delete { key: key.clone() }),
        }
    }
    writes.extend(image.into_iter().map(|(key, value)| Write::Put { key, value }));
    writes
}

#[cfg(test)]
mod tests {
    use keyfront_store::Version;
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;

    fn entries() -> impl Strategy<Value = Entries> {
        btree_map("[a-e]{1,2}".prop_map(Bytes::from), "[xy]".prop_map(Bytes::from), 0..12)
    }

    proptest! {
        #[test]
        fn a_difference_leads_to_the_image_and_writes_nothing_that_is_there(held in entries(), image in entries()) {
            let entry = |(key, value): (&Bytes, &Bytes)| {
                Entry { key: key.clone(), value: value.clone(), version: Version(1) }
            };
            let listed: Vec<Entry> = held.iter().map(entry).collect();
            let writes = difference(&listed, image.clone());
            for write in &writes {
                let needed = match write {
                    Write::Put { key, value } => held.get(key) != Some(value),
                    Write::Delete { key } => held.contains_key(key),
                    Write::DeleteRange { .. } => false,
                };
                prop_assert!(needed, "{write:?}");
            }
            let mut after = held;
            apply(&mut after, writes);
            prop_assert_eq!(after, image);
        }
    }
}
