//! Why an operation on saved states fails.

use std::path::PathBuf;

use keyfront_store::{StoreError, Unusable};

use super::name::StateName;

/// The format of the files that this version writes and reads.
pub(super) const FORMAT: u32 = 1;

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SavedStateError {
    /// No saved state has this name.
    #[error("there is no snapshot {0}; `keyfront snapshot list` shows those that there are")]
    Absent(StateName),
    /// The file is not what was saved.
    #[error("{} cannot be used, and nothing was restored: {damage}; delete it and save it again", .path.display())]
    Damaged { path: PathBuf, damage: Damage },
    /// The folder of the saved states failed.
    #[error(transparent)]
    Disk(#[from] Unusable),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The task that did the work ended.
    #[error("the work was ended")]
    Ended(#[from] tokio::task::JoinError),
}

/// Why the file of a saved state cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Damage {
    /// It does not begin as such a file.
    #[error("it is not a snapshot of Keyfront")]
    Foreign,
    /// It has another format.
    #[error("it has the format {0}, and this version of Keyfront knows only {FORMAT}")]
    Format(u32),
    /// The checksum does not match.
    #[error("its checksum does not match, so it was changed or cut short")]
    Checksum,
    /// The checksum matches, but the entries cannot be decoded.
    #[error("its entries cannot be read")]
    Entries,
}
