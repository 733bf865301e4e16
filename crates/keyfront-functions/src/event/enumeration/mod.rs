//! The order in which CloudFront's engine enumerates the names of an object.
//!
//! njs keeps the properties of an object in a hash of levels. Up to ten lie in one bucket, in the order in which they
//! were added. A bucket that is full becomes a level of sixteen slots, chosen by the next four bits of the hash, each
//! with a bucket or a level in it; enumeration goes through the slots in their order.
//!
//! Only what the library builds follows it. Objects that a program builds are enumerated as ECMAScript says.

/// How many properties a bucket holds.
const BUCKET: usize = 10;

/// How many bits of the hash choose the slot of a level.
const BITS: u32 = 4;

/// How many levels there are. Buckets of the last one have others behind them.
const LEVELS: u32 = 7;

/// The hash of an empty name.
const START: u32 = 5381;

/// Brings what has names, in the order in which they are added, into the order of enumeration.
pub(crate) fn sort<T>(entries: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    if entries.len() <= BUCKET {
        return entries;
    }
    let hashed = entries.into_iter().map(|entry| (hash(name(&entry)), entry)).collect();
    let mut sorted = Vec::new();
    level(hashed, 0, &mut sorted);
    sorted
}

/// Daniel J. Bernstein's hash, with exclusive or.
fn hash(name: &str) -> u32 {
    name.bytes().fold(START, |hash, byte| hash.wrapping_mul(33) ^ u32::from(byte))
}

/// Appends what has come to one place of the hash.
fn level<T>(entries: Vec<(u32, T)>, depth: u32, sorted: &mut Vec<T>) {
    if entries.len() <= BUCKET || depth == LEVELS {
        sorted.extend(entries.into_iter().map(|(_, entry)| entry));
        return;
    }
    let mut slots: [Vec<(u32, T)>; 1 << BITS] = std::array::from_fn(|_| Vec::new());
    for entry in entries {
        let slot = usize::try_from((entry.0 >> (BITS * depth)) % (1 << BITS)).unwrap_or_default();
        if let Some(slot) = slots.get_mut(slot) {
            slot.push(entry);
        }
    }
    for slot in slots {
        level(slot, depth + 1, sorted);
    }
}

#[cfg(test)]
mod tests;
