//! How long a side looks for its turn before it sleeps: only while turns come sooner than a sleeper wakes up.
//!
//! To ring, to wake up and to fall asleep costs both sides some microseconds of processor time, and the side that waits
//! some ten. Looking costs a processor for as long as it takes. So a side looks while the turns that came last took less
//! than that, and sleeps at once while they took longer, which is when many others have work for the processors.

use std::time::Duration;

/// The least time to look, where looking pays: below it the clock is most of what is measured.
const LEAST_NS: u64 = 2_000;

/// What a side expects of its next turn.
pub(super) struct Lookout {
    /// Beyond this a turn is not looked for.
    most_ns: u64,
    expected_ns: u64,
}

impl Lookout {
    /// Looks for turns that are expected within a time. It begins by expecting them later.
    pub(super) fn new(most_ns: u64) -> Lookout {
        Lookout { most_ns, expected_ns: 2 * most_ns }
    }

    /// How long to look.
    pub(super) fn time(&self) -> Duration {
        if self.expected_ns > self.most_ns {
            return Duration::ZERO;
        }
        Duration::from_nanos((2 * self.expected_ns).max(LEAST_NS))
    }

    /// A turn came after so many nanoseconds, whether or not it was looked for.
    pub(super) fn learn(&mut self, waited_ns: u64) {
        // A pause says no more than that it was long.
        let waited_ns = waited_ns.min(4 * self.most_ns);
        self.expected_ns = (7 * self.expected_ns + waited_ns) / 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST_NS: u64 = 10_000;

    /// After so many turns that took so many nanoseconds each, by turns: how long is looked for the next.
    fn after(turns: &[(usize, u64)]) -> Duration {
        let mut lookout = Lookout::new(MOST_NS);
        for (times, waited_ns) in turns {
            (0..*times).for_each(|_| lookout.learn(*waited_ns));
        }
        lookout.time()
    }

    #[test]
    fn a_side_looks_while_turns_come_sooner_than_a_sleeper_wakes_up() {
        let second = 1_000_000_000;
        for (turns, looks) in [
            (&[][..], false),
            (&[(40, 3_000)], true),
            (&[(40, 20_000)], false),
            // One pause ends nothing, a few do, and it begins again soon.
            (&[(40, 3_000), (1, second)], true),
            (&[(40, 3_000), (3, second)], false),
            (&[(40, 3_000), (1_000, second), (20, 3_000)], true),
        ] {
            assert_eq!(after(turns) > Duration::ZERO, looks, "{turns:?}");
        }
    }

    #[test]
    fn looking_ends_at_twice_what_is_expected() {
        assert!(after(&[(100, 5_000)]) <= Duration::from_nanos(MOST_NS));
        assert_eq!(after(&[(100, 0)]), Duration::from_nanos(LEAST_NS));
    }
}
