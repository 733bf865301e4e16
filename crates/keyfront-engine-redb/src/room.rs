//! Room on the disk that is kept for batches which free space.
//!
//! A commit needs space before it gives any back, so on a full disk not even a delete could be made. While there is space
//! a file of this size stands beside the data file. When a batch that frees space meets a full disk the file goes, and
//! until it can be made again no other batch is taken, so that what was kept is not used up by the next write.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::Duration;

use keyfront_engine::{Batch, Write};
use tokio::time::Instant;

/// What is kept, in bytes. A commit that deletes fifty keys anywhere in a large file writes less than one MiB.
const BYTES: u64 = 4 * 1024 * 1024;

/// The most that a batch may put and still count as one that frees space: the records that say what was deleted.
const MOST_PUT: usize = 16 * 1024;

/// The unit in which systems count what a file takes of a disk.
const SECTOR: u64 = 512;

/// What the room lies in.
pub(crate) trait Place: Send {
    /// Takes the room from the disk; nothing is left of it when that fails.
    fn take(&self) -> io::Result<()>;
    /// Gives it back.
    fn give(&self) -> io::Result<()>;
    /// Whether it is taken.
    fn is_taken(&self) -> bool;
}

/// A file beside the data file.
pub(crate) struct PlaceHolder(pub(crate) PathBuf);

impl Place for PlaceHolder {
    fn take(&self) -> io::Result<()> {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&self.0)?;
        if self.is_taken() {
            return Ok(());
        }
        let zeros = vec![0; 64 * 1024];
        for _ in 0..BYTES / u64::try_from(zeros.len()).unwrap_or(BYTES) {
            if let Err(error) = file.write_all(&zeros) {
                drop(fs::remove_file(&self.0));
                return Err(error);
            }
        }
        Ok(())
    }

    fn give(&self) -> io::Result<()> {
        fs::remove_file(&self.0)
    }

    fn is_taken(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|found| found.blocks() * SECTOR >= BYTES)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is kept, and all batches are taken.
    None,
    Kept,
    /// It was given to batches that free space.
    Given,
}

/// The room, and who has it.
pub(crate) struct Room {
    place: Box<dyn Place>,
    state: State,
    /// When it was last tried to take it.
    tried: Option<Instant>,
}

impl Room {
    pub(crate) fn new(place: impl Place + 'static) -> Room {
        let state = if place.is_taken() { State::Kept } else { State::None };
        Room { place: Box::new(place), state, tried: None }
    }

    /// Whether only batches that free space are taken.
    pub(crate) fn is_given(&self) -> bool {
        self.state == State::Given
    }

    /// Whether it could be taken, and is not.
    pub(crate) fn is_wanted(&self) -> bool {
        self.state != State::Kept
    }

    /// Takes it if it is not there, at most once in so much time. Answers whether it is there now, and was given before.
    pub(crate) fn regain(&mut self, pause: Duration) -> bool {
        let was_given = self.is_given();
        if !self.is_wanted() || self.tried.is_some_and(|tried| tried.elapsed() < pause) {
            return false;
        }
        self.tried = Some(Instant::now());
        if self.place.take().is_ok() {
            self.state = State::Kept;
        }
        was_given && !self.is_given()
    }

    /// Gives it to batches that free space. Answers whether there was anything to give.
    pub(crate) fn give(&mut self) -> bool {
        let given = self.state == State::Kept && self.place.give().is_ok();
        if given {
            self.state = State::Given;
            self.tried = Some(Instant::now());
        }
        given
    }
}

/// Whether a batch leaves more space than it takes: it deletes, and puts little.
pub(crate) fn frees_space(batch: &Batch) -> bool {
    let put = |write: &Write| match write {
        Write::Put { key, value } => key.len() + value.len(),
        Write::Delete { .. } | Write::DeleteRange { .. } => 0,
    };
    let deletes = |write: &Write| !matches!(write, Write::Put { .. });
    batch.writes.iter().any(deletes) && batch.writes.iter().map(put).sum::<usize>() <= MOST_PUT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_frees_space_if_it_deletes_and_puts_little() {
        let large = vec![b'x'; MOST_PUT];
        for (batch, expected) in [
            (Batch::default().delete("a"), true),
            (Batch::default().delete("a").put("head", "1"), true),
            (Batch::default().put("a", "1"), false),
            (Batch::default().delete("a").put("b", large), false),
            (Batch::default(), false),
        ] {
            assert_eq!(frees_space(&batch), expected, "{:?}", batch.writes.len());
        }
    }

    #[test]
    fn the_place_holder_takes_its_bytes_and_gives_them_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = PlaceHolder(folder.path().join("room"));
        for _ in 0..2 {
            place.take().unwrap();
            assert_eq!(fs::metadata(&place.0).unwrap().len(), BYTES);
        }
        place.give().unwrap();
        assert!(!place.0.exists());
        assert!(PlaceHolder(folder.path().join("absent/room")).take().is_err());
    }
}
