//! Positions: how far a follower is, and who can go on from where.
//!
//! A version alone does not say what was committed, because a store that was restored from a backup gives out its
//! versions again. A position is a version and the timeline that it belongs to.

use keyfront_store::Version;
use keyfront_store::records::{ReplicaRecord, Timeline};
use uuid::Uuid;

/// How far a follower is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The newest timeline that it knows.
    pub timeline: Uuid,
    /// The last version that it has.
    pub version: Version,
}

impl Position {
    /// The position of a replica; `None` if nothing can be followed from it.
    pub fn of(record: &ReplicaRecord) -> Option<Position> {
        let newest = record.timelines.last()?;
        Some(Position { timeline: newest.id, version: Version(record.version) })
    }

    /// Whether a store with these timelines, which is at `current`, has passed through this position: every commit
    /// after it is one that a follower lacks, and it lacks no other.
    pub fn is_behind(&self, timelines: &[Timeline], current: Version) -> bool {
        let Some(index) = timelines.iter().position(|timeline| timeline.id == self.timeline) else {
            return false;
        };
        let left = timelines.get(index + 1).map_or(current, |next| Version(next.began));
        self.version <= left.min(current)
    }
}

/// Whether a sender with these timelines, which is at `version`, is behind what a follower has: a relay that has not
/// caught up itself. Its image would take the follower back.
pub fn lags(own: &ReplicaRecord, timelines: &[Timeline], version: Version) -> bool {
    let (Some(own_newest), Some(newest)) = (own.timelines.last(), timelines.last()) else { return false };
    if own_newest.id == newest.id {
        return version.0 < own.version;
    }
    let knows_ours = timelines.iter().any(|timeline| timeline.id == own_newest.id);
    !knows_ours && own.timelines.iter().any(|timeline| timeline.id == newest.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Timelines by id and where they began.
    fn timelines(of: &[(u128, u64)]) -> Vec<Timeline> {
        of.iter().map(|(id, began)| Timeline { id: Uuid::from_u128(*id), began: *began }).collect()
    }

    #[test]
    fn a_store_goes_on_from_a_position_that_it_passed_through() {
        for (of, current, timeline, version, expected) in [
            (&[(1, 0)][..], 9, 1, 9, true),
            (&[(1, 0)], 9, 1, 0, true),
            // A version that it has not reached.
            (&[(1, 0)], 9, 1, 10, false),
            // Another store.
            (&[(1, 0)], 9, 2, 5, false),
            (&[], 9, 1, 5, false),
            // A server that was started again, and one whose backup of version 5 was put back.
            (&[(1, 0), (2, 5)], 9, 1, 5, true),
            (&[(1, 0), (2, 5)], 9, 2, 7, true),
            (&[(1, 0), (2, 5)], 9, 1, 6, false),
            (&[(1, 0), (2, 5), (3, 7)], 9, 1, 6, false),
            (&[(1, 0), (2, 5), (3, 7)], 9, 2, 8, false),
        ] {
            let position = Position { timeline: Uuid::from_u128(timeline), version: Version(version) };
            let found = position.is_behind(&timelines(of), Version(current));
            assert_eq!(found, expected, "{of:?} at {current} from {timeline}:{version}");
        }
    }

    #[test]
    fn a_sender_that_lacks_what_its_follower_has_is_told_from_one_that_was_restored() {
        for (own, own_version, of, version, expected) in [
            (&[(1, 0)][..], 9, &[(1, 0)][..], 9, false),
            (&[(1, 0)], 9, &[(1, 0)], 8, true),
            (&[(1, 0)], 9, &[(1, 0)], 10, false),
            // A relay that has not heard of the timeline yet.
            (&[(1, 0), (2, 5)], 9, &[(1, 0)], 9, true),
            // The server was started again.
            (&[(1, 0)], 9, &[(1, 0), (2, 9)], 10, false),
            // A backup was put back: from before our timeline, and from within it.
            (&[(1, 0), (2, 5)], 9, &[(1, 0), (3, 4)], 6, false),
            (&[(1, 0), (2, 5)], 9, &[(1, 0), (2, 5), (3, 7)], 8, false),
            // Another store, or none that was followed.
            (&[(1, 0)], 9, &[(4, 0)], 2, false),
            (&[], 9, &[(4, 0)], 2, false),
            (&[(1, 0)], 9, &[], 2, false),
        ] {
            let own_record =
                ReplicaRecord { format: 1, version: own_version, timelines: timelines(own), fresh_ms: 0 };
            let found = lags(&own_record, &timelines(of), Version(version));
            assert_eq!(found, expected, "{own:?} at {own_version} from {of:?} at {version}");
        }
    }
}
