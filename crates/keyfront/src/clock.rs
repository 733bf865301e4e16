//! The system clock and random ids, which the rest of the program receives as arguments.

use std::cell::Cell;

use aws_lc_rs::rand;
use keyfront_api::{Clock, Ids};
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time of day")]
    fn now(&self) -> OffsetDateTime {
        std::time::SystemTime::now().into()
    }
}

/// Random ids (RFC 9562, version 4).
pub(crate) struct RandomIds;

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        let mut random = RANDOM.take();
        let id = random.next();
        RANDOM.set(random);
        id.unwrap_or_else(Uuid::new_v4)
    }
}

/// Ids that are made at once: each request has one, and they would take a system call each.
const AT_ONCE: usize = 64;

thread_local! {
    /// What this thread makes its next ids of. No other process has the same: this program never forks without
    /// executing a program anew.
    static RANDOM: Cell<Random> = const { Cell::new(Random { bytes: Vec::new() }) };
}

/// Random bytes, of which none is used twice.
#[derive(Default)]
struct Random {
    bytes: Vec<[u8; 16]>,
}

impl Random {
    /// The next id; nothing where the library has no randomness.
    fn next(&mut self) -> Option<Uuid> {
        if self.bytes.is_empty() {
            let mut fresh = [[0; 16]; AT_ONCE];
            rand::fill(fresh.as_flattened_mut()).ok()?;
            self.bytes.extend(fresh);
        }
        self.bytes.pop().map(|bytes| Builder::from_random_bytes(bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_id_of_any_thread_is_given_twice() {
        let ids = || (0..3 * AT_ONCE).map(|_| RandomIds.uuid()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(ids)).collect();
        let ids: Vec<Uuid> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 4 && id.get_variant() == uuid::Variant::RFC4122));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4 * 3 * AT_ONCE);
    }
}
