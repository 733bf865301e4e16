//! What redb takes for its disk: the data file until the first failure, then a copy in memory.
//!
//! redb answers its first failed write or sync by refusing every later access, reads of committed data
//! included. So this disk keeps the failure to itself: from that moment on the file is left as it is,
//! what redb still writes goes to memory, and redb finds everything as if it had worked. Reads of what
//! was committed before go on, because redb never writes over pages that a reader holds. The price is
//! that redb's word about a commit means nothing until [`Disk::failure`] was asked: the writer does so
//! after every commit, before a reader sees it or its caller is answered.
//!
//! A disk that is frozen from the beginning leaves its file alone altogether. That is how a data file is verified. One that
//! is held back does so until it is released, and then writes what redb wrote meanwhile in redb's order. That is how a data
//! file is opened before it is trusted: what redb repairs in it is repaired once, and only in a file of Keyfront.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

use crate::blocks::Blocks;

/// The data file, or what a test puts in its place. It outlives the disks that are opened on it.
pub(crate) type Medium = Arc<dyn StorageBackend>;

/// A handle of the disk; clones are the same disk.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Inner>);

struct Inner {
    blocks: Blocks,
    frozen: AtomicBool,
    /// The length that redb believes in.
    len: AtomicU64,
    /// Writes to the file's header since [`Disk::begin`].
    header_writes: AtomicU64,
    after: Mutex<After>,
}

/// What there is to know once the disk is frozen.
#[derive(Default)]
struct After {
    failure: Option<Failure>,
    /// What redb wrote since, by offset. redb reads whole pages as it wrote them.
    written: HashMap<u64, Vec<u8>>,
    /// What to do when the disk is released, while it is held back.
    held_back: Option<Vec<Change>>,
}

/// What redb did to a disk that is held back.
enum Change {
    Write(u64, Vec<u8>),
    Resize(u64),
    Sync,
}

/// The first failure of a disk.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) step: Step,
    pub(crate) kind: ErrorKind,
    pub(crate) cause: Arc<io::Error>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Write,
    Resize,
    Sync,
}

impl Failure {
    /// True when the file is whole and merely could not grow: what was written so far is still in the
    /// kernel's hands, and a later sync will say whether it reached the disk. After a failed sync that
    /// is no longer so: the kernel may drop what it could not write and report the next sync as fine.
    pub(crate) fn is_lack_of_space(&self) -> bool {
        let of_space = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
        self.step != Step::Sync && of_space.contains(&self.kind)
    }
}

impl Disk {
    pub(crate) fn new(medium: Medium) -> io::Result<Disk> {
        let blocks = Blocks::new(medium)?;
        let inner = Inner {
            len: AtomicU64::new(blocks.len()?),
            blocks,
            frozen: AtomicBool::new(false),
            header_writes: AtomicU64::new(0),
            after: Mutex::default(),
        };
        Ok(Disk(Arc::new(inner)))
    }

    /// A disk that never writes to its file.
    pub(crate) fn frozen(medium: Medium) -> io::Result<Disk> {
        let disk = Disk::new(medium)?;
        disk.freeze();
        Ok(disk)
    }

    /// A disk that keeps its writes until it is [released](Disk::release).
    pub(crate) fn held_back(medium: Medium) -> io::Result<Disk> {
        let disk = Disk::frozen(medium)?;
        disk.after().held_back = Some(Vec::new());
        Ok(disk)
    }

    /// Does to the file what was done to a disk that was held back, in the same order, and everything after it at once.
    /// [`Disk::failure`] tells if that fails. Nothing else may use the disk meanwhile.
    pub(crate) fn release(&self) {
        let Some(changes) = self.after().held_back.take() else { return };
        self.0.frozen.store(false, Ordering::Release);
        for change in changes {
            let reached = match &change {
                Change::Write(offset, data) => {
                    self.reaches_file(Step::Write, |blocks| blocks.write(*offset, data))
                }
                Change::Resize(len) => self.reaches_file(Step::Resize, |blocks| blocks.set_len(*len)),
                Change::Sync => self.reaches_file(Step::Sync, Blocks::sync_data),
            };
            if !reached {
                // What was written is in memory still.
                return;
            }
        }
        self.after().written.clear();
    }

    /// The first failed write, resize or sync, if there was one.
    pub(crate) fn failure(&self) -> Option<Failure> {
        if !self.0.frozen.load(Ordering::Acquire) {
            return None;
        }
        self.after().failure.clone()
    }

    /// Leaves the file alone from now on, as after a failure.
    pub(crate) fn freeze(&self) {
        self.0.frozen.store(true, Ordering::Release);
    }

    /// Whether another process has written to the file or cut it short. A file that cannot be looked at was not.
    pub(crate) fn was_altered(&self) -> bool {
        let len = self.0.len.load(Ordering::Acquire);
        !self.0.frozen.load(Ordering::Acquire) && matches!(self.0.blocks.are_as_left(len), Ok(false))
    }

    /// Says that a transaction begins, for [`may_have_committed`](Disk::may_have_committed).
    pub(crate) fn begin(&self) {
        self.0.header_writes.store(0, Ordering::Release);
    }

    /// False when the file certainly still shows the state before the transaction.
    ///
    /// A two-phase commit writes the pages and the spare half of the header, syncs, and only then
    /// writes the header a second time to point to that half (redb: `docs/design.md`, "Commit
    /// protocol"). Writes after a failure do not reach the file and are not counted.
    pub(crate) fn may_have_committed(&self) -> bool {
        self.0.header_writes.load(Ordering::Acquire) >= 2
    }

    /// Whether what is read is verified; see [`Blocks`].
    pub(crate) fn has_checksums(&self) -> bool {
        self.0.blocks.have_checksums()
    }

    /// The length of the file in bytes.
    pub(crate) fn len_bytes(&self) -> u64 {
        let len = self.0.len.load(Ordering::Acquire);
        self.0.blocks.stored_len(len).unwrap_or(len)
    }

    fn after(&self) -> MutexGuard<'_, After> {
        self.0.after.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a change for the release, if the disk is held back.
    fn hold_back(&self, change: impl FnOnce() -> Change) {
        if let Some(changes) = &mut self.after().held_back {
            changes.push(change());
        }
    }

    /// Runs a step that changes the file. The answer says whether the file has it; if not, the disk is
    /// frozen and the caller keeps the step in memory.
    fn reaches_file(&self, step: Step, run: impl FnOnce(&Blocks) -> io::Result<()>) -> bool {
        if self.0.frozen.load(Ordering::Acquire) {
            return false;
        }
        let Err(cause) = run(&self.0.blocks) else { return true };
        self.after().failure = Some(Failure { step, kind: cause.kind(), cause: Arc::new(cause) });
        self.0.frozen.store(true, Ordering::Release);
        false
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.len.load(Ordering::Acquire))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.0.frozen.load(Ordering::Acquire)
            && let Some(written) = self.after().written.get(&offset)
        {
            if written.len() < out.len() {
                self.0.blocks.read(offset, out)?;
            }
            out.iter_mut().zip(written).for_each(|(out, byte)| *out = *byte);
            return Ok(());
        }
        self.0.blocks.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        if !self.reaches_file(Step::Resize, |blocks| blocks.set_len(len)) {
            self.hold_back(|| Change::Resize(len));
        }
        self.0.len.store(len, Ordering::Release);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        if !self.reaches_file(Step::Sync, Blocks::sync_data) {
            self.hold_back(|| Change::Sync);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if offset == 0 && !self.0.frozen.load(Ordering::Acquire) {
            self.0.header_writes.fetch_add(1, Ordering::AcqRel);
        }
        if !self.reaches_file(Step::Write, |blocks| blocks.write(offset, data)) {
            self.hold_back(|| Change::Write(offset, data.to_vec()));
            self.after().written.insert(offset, data.to_vec());
        }
        Ok(())
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}
