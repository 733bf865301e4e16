//! Objects whose bodies are in a folder: those that are too large for memory, and those that memory had no room for any more
//! and that had been used.
//!
//! Of large bodies only those go there whose length the origin says: what has no length is known to be too large when
//! viewers have had most of it. Heads stay in memory, which bounds how many objects there are.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use super::budget::{Budget, Reservation};
use super::memory::Memory;
use super::object::{Content, Object};
use super::{Cache, Inner};
use crate::body::{DiskBody, DiskFolder};

/// How long nothing is written into a folder that has failed, in milliseconds: large objects pass through meanwhile.
const PAUSE_MS: u64 = 60_000;

/// Objects that wait to be written because memory had no room for them. Further ones are dropped.
const DEMOTED: usize = 64;

/// Bytes of memory that an object of the folder takes, for its head: a generous guess.
const HEAD: u64 = 2 * 1024;

/// A folder for objects, and how many bytes it may have.
#[derive(Clone, Debug)]
pub struct CacheDisk {
    /// The folder.
    pub folder: DiskFolder,
    /// Bytes, a quarter of them for objects that are on their way. One object may take three sixteenths.
    pub bytes: u64,
}

/// The objects.
pub(super) struct Disk {
    pub(super) folder: DiskFolder,
    pub(super) objects: Memory,
    pub(super) budget: Arc<Budget>,
    /// Until when nothing is written.
    paused_until_ms: AtomicU64,
    demoted: Mutex<Option<mpsc::Receiver<Arc<Object>>>>,
}

impl Disk {
    /// With what memory had no room for. The heads may take an eighth of `memory_bytes` beside it.
    pub(super) fn new(
        CacheDisk { folder, bytes }: CacheDisk,
        memory_bytes: u64,
    ) -> (Disk, mpsc::Sender<Arc<Object>>) {
        let (sender, demoted) = mpsc::channel(DEMOTED);
        let filling_bytes = bytes / 4;
        let disk = Disk {
            folder,
            objects: Memory::of_files(bytes - filling_bytes, memory_bytes / 8 / HEAD),
            budget: Budget::new(filling_bytes),
            paused_until_ms: AtomicU64::new(0),
            demoted: Mutex::new(Some(demoted)),
        };
        (disk, sender)
    }

    /// Room for a body, where it is one for this folder.
    pub(super) fn reserve(&self, length: u64, now_ms: u64) -> Option<Reservation> {
        let is_paused = now_ms < self.paused_until_ms.load(Ordering::Relaxed);
        // What stands beside the body is counted as well.
        let fits = length < self.objects.object_limit();
        if is_paused || !fits { None } else { self.budget.reserve(length) }
    }

    /// The folder has failed.
    pub(super) fn pause(&self, now_ms: u64, error: &std::io::Error) {
        self.paused_until_ms.store(now_ms.saturating_add(PAUSE_MS), Ordering::Relaxed);
        tracing::error!(%error, "the cache's folder cannot be written; large objects pass through for a minute");
    }
}

impl Cache {
    /// Writes what memory had no room for into the folder, as long as the future is polled. The edge runs it as one task.
    pub async fn keep_demoted(self) {
        let Some(disk) = &self.inner.disk else { return };
        let demoted = disk.demoted.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut demoted) = demoted else { return };
        while let Some(object) = demoted.recv().await {
            self.inner.demote(disk, &object).await;
        }
    }
}

impl Inner {
    async fn demote(&self, disk: &Disk, object: &Object) {
        let Content::Whole(whole, _) = &object.content else { return };
        let length = whole.length();
        let Some(reservation) = disk.reserve(length, self.clock.now_ms()) else { return };
        let (body, mut writer) = DiskBody::new(&disk.folder, object.key.digest(), length);
        let mut written = 0;
        while let Some(piece) = whole.at(written, length) {
            written = written.saturating_add(crate::body::length_of(&piece));
            if let Err(error) = writer.write(&piece).await {
                return disk.pause(self.clock.now_ms(), &error);
            }
        }
        if let Err(error) = writer.finish().await {
            return disk.pause(self.clock.now_ms(), &error);
        }
        drop(reservation);
        let kept = Arc::new(object.completed(Content::Disk(body)));
        disk.objects.put(Arc::clone(&kept), self.clock.now_ms());
        // What has come meanwhile is newer. Who keeps it in memory looks here afterwards, so one of both sees the other.
        if self.memory.get(&kept.key).is_some() {
            disk.objects.remove(&kept);
        }
    }
}
