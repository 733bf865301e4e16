//! Keys of a restore that is made in several commits: its journal, and the mark that one is being made.

use bytes::Bytes;
use uuid::Uuid;

use super::{FORMATS, join};

pub(super) const JOURNAL: u8 = 0x10;

/// The mark of a restore that is being made. Every change to what a saved state holds checks that it is absent.
pub(crate) fn restoring() -> Bytes {
    join(FORMATS.first(), &[b"restoring"])
}

/// All journals of restores.
pub(crate) fn journals() -> Bytes {
    Bytes::from_static(&[JOURNAL])
}

/// The steps of one restore, in their order.
pub(crate) fn journal(restore: Uuid) -> Bytes {
    join(JOURNAL, &[restore.as_bytes()])
}

/// One step of a restore.
pub(crate) fn journal_step(restore: Uuid, number: u64) -> Bytes {
    join(JOURNAL, &[restore.as_bytes(), &number.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lie_in_their_journal_in_their_order() {
        let restore = Uuid::from_u128(7);
        let keys = [1, 2, 256].map(|number| journal_step(restore, number));
        assert!(keys.is_sorted());
        for key in keys {
            assert!(key.starts_with(&journal(restore)) && key.starts_with(&journals()));
            assert!(!key.starts_with(&journal(Uuid::from_u128(8))));
        }
    }
}
