//! How a group fails, what its callers are told, and what the writer does next.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::disk::{Failure, Step};
use keyfront_engine::Cause;

/// Whether the writer takes the next group.
#[derive(Clone)]
pub(crate) enum State {
    Ready,
    /// After the file was opened again. It may be closed first, or serve reads until then.
    Reopen {
        close_first: bool,
    },
    /// Not before a restart, for this reason.
    Refuse {
        message: String,
        source: Cause,
    },
}

/// How a group failed.
pub(crate) enum GroupFailed {
    /// It met a damaged page; the writer goes on as before.
    Damaged(redb::Error),
    /// It met something that changes the state of the writer.
    Failed(Failed),
}

/// A failure that changes the state of the writer.
pub(crate) struct Failed {
    /// Nothing of the group was written.
    pub(crate) is_known: bool,
    pub(crate) message: String,
    pub(crate) source: Cause,
    pub(crate) then: State,
}

impl From<Failed> for GroupFailed {
    fn from(failed: Failed) -> GroupFailed {
        GroupFailed::Failed(failed)
    }
}

impl Failed {
    /// The file is not where its name says; `message` says what happened and what to do.
    pub(crate) fn displaced(message: String, is_known: bool) -> Failed {
        let source: Cause = Arc::new(io::Error::other("the data file is not in its place"));
        Failed { is_known, message, source, then: State::Reopen { close_first: false } }
    }

    /// Another process wrote to the file or cut it short.
    pub(crate) fn altered(path: &Path, is_known: bool) -> Failed {
        let message = format!(
            "{} was cut short or written to by another process. Keyfront refuses writes and leaves the file alone \
             until it is restarted; reads of what is still there go on. Restore the folder from a backup, then \
             restart",
            path.display()
        );
        let source: Cause = Arc::new(io::Error::other("the data file was altered"));
        Failed {
            is_known,
            message: message.clone(),
            source: source.clone(),
            then: State::Refuse { message, source },
        }
    }

    /// The disk failed under the group.
    pub(crate) fn of_disk(failure: &Failure, is_known: bool) -> Failed {
        let cause = &failure.cause;
        if failure.is_lack_of_space() && is_known {
            let message = format!(
                "the disk is full ({cause}); free some space on it, and Keyfront takes writes again by itself. \
                 Reads go on"
            );
            return Failed {
                is_known,
                message,
                source: cause.clone(),
                then: State::Reopen { close_first: false },
            };
        }
        let what = match failure.step {
            Step::Sync => "the disk did not confirm that data is durable",
            Step::Write | Step::Resize => "the disk refused a write",
        };
        let message = format!(
            "{what} ({cause}). The kernel may have dropped what it could not write, so Keyfront refuses writes \
             until it is restarted; reads of what was committed before go on. Check the disk, then restart"
        );
        let source: Cause = cause.clone();
        Failed {
            is_known,
            message: message.clone(),
            source: source.clone(),
            then: State::Refuse { message, source },
        }
    }

    /// redb failed by itself.
    pub(crate) fn of_redb(error: redb::Error, is_known: bool) -> Failed {
        let damaged = matches!(error, redb::Error::Corrupted(_));
        let message = if damaged {
            format!(
                "the data file is damaged ({error}). Keyfront refuses writes until it is restarted; check the \
                 data with `keyfront check`, and restore a backup if it says so"
            )
        } else {
            format!("the data file could not be used ({error}); Keyfront opens it again by itself")
        };
        let source: Cause = Arc::new(error);
        let then = if damaged {
            State::Refuse { message: message.clone(), source: source.clone() }
        } else {
            State::Reopen { close_first: true }
        };
        Failed { is_known, message, source, then }
    }

    /// The file could not be opened again.
    pub(crate) fn closed() -> Failed {
        Failed::of_redb(redb::Error::DatabaseClosed, true)
    }
}
