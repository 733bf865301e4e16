//! What a value has to say of itself to be followed.

use std::hash::Hash;

use bytes::Bytes;
use keyfront_store::{Entry, Range, StoreError};

/// A value that is built from entries of the engine and follows its commits.
///
/// It is followed in parts, each loaded when it is first read: the pairs of one store, the keys of one account. A
/// projection that is followed whole has the one part `()`. The follower does the rest: it watches, reads afresh when
/// it lags, and shows the value of each part after one whole commit.
pub trait Projection: Send + Sync + 'static {
    /// Names a part.
    type Part: Clone + Eq + Hash + Send + Sync + 'static;

    /// What a part shows. Commits replace it, so its parts should be shared from one value to the next.
    type Value: Send + Sync + 'static;

    /// The ranges of the engine's keys that a part is built from, whole. No range overlaps another one, of whatever
    /// part.
    fn ranges(&self, part: &Self::Part) -> Vec<Range>;

    /// The value of a part from the entries of its ranges, all of one snapshot; `None` if the part does not exist, which
    /// is not followed then. It runs on a thread that may take its time.
    ///
    /// # Errors
    /// An entry cannot be read. The part is not followed then.
    #[expect(clippy::wrong_self_convention, reason = "what it makes is the value, not the projection")]
    fn from_snapshot(
        &self,
        part: &Self::Part,
        ranges: &[Vec<Entry>],
    ) -> Result<Option<Self::Value>, StoreError>;

    /// The value of a part after a commit that wrote to its ranges; `None` if the part is gone. It costs what the
    /// writes cost.
    ///
    /// # Errors
    /// A write cannot be read. The part is followed no longer: loading it again tells why.
    fn apply(
        &self,
        part: &Self::Part,
        value: &Self::Value,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<Self::Value>, StoreError>;
}

/// A write of a commit, as far as it meets a range of a part. A commit's writes come in the order in which they apply.
#[derive(Clone, Copy, Debug)]
pub struct RangeWrite<'c> {
    /// Which of the part's ranges, by its position.
    pub range: usize,
    /// What is written there.
    pub write: Written<'c>,
}

/// What is written to a range.
#[derive(Clone, Copy)]
pub enum Written<'c> {
    /// A key got a value.
    Put {
        /// The key.
        key: &'c Bytes,
        /// Its new value.
        value: &'c Bytes,
    },
    /// A key was removed, if it was there.
    Deleted {
        /// The key.
        key: &'c Bytes,
    },
    /// Every key of the range was removed.
    Cleared,
    /// Every key from `start` up to, and without, `end` was removed; an empty `end` means without an end. Both lie
    /// within the range.
    DeletedRange {
        /// The first key.
        start: &'c [u8],
        /// The first key that stays.
        end: &'c [u8],
    },
}

/// Values may be secret, so only their length is printed.
impl std::fmt::Debug for Written<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Written::Put { key, value } => write!(f, "Put({key:?}, {} bytes)", value.len()),
            Written::Deleted { key } => write!(f, "Deleted({key:?})"),
            Written::Cleared => f.write_str("Cleared"),
            Written::DeletedRange { start, end } => {
                write!(f, "DeletedRange({}..{})", start.escape_ascii(), end.escape_ascii())
            }
        }
    }
}
