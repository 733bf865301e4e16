//! Writes a body into its file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::BytesMut;
use crc_fast::CrcAlgorithm::Crc64Nvme;
use crc_fast::Digest;

use super::BLOCK;
use super::file::DiskBody;
use super::folder::DiskFolder;
use crate::body::{TransferFailed, length_of};

/// Writes a body. When it is dropped before the end, readers get a failure.
pub(crate) struct DiskWriter {
    body: Arc<DiskBody>,
    file: Option<Arc<File>>,
    /// What is not yet in the file.
    pending: BytesMut,
    /// What is.
    flushed: u64,
    /// Of the block that is being written.
    checksum: Digest,
}

impl DiskBody {
    /// A body without bytes yet, and its writer.
    pub(crate) fn new(folder: &DiskFolder, digest: u128, length: u64) -> (Arc<DiskBody>, DiskWriter) {
        let body = Arc::new(DiskBody::empty(folder, digest, length));
        let writer = DiskWriter::new(Arc::clone(&body));
        (body, writer)
    }
}

impl DiskWriter {
    fn new(body: Arc<DiskBody>) -> DiskWriter {
        let (pending, checksum) = (BytesMut::new(), Digest::new(Crc64Nvme));
        DiskWriter { body, file: None, pending, flushed: 0, checksum }
    }

    /// The length of the whole body.
    pub(crate) fn length(&self) -> u64 {
        self.body.length()
    }

    /// How much has been written.
    pub(crate) fn written(&self) -> u64 {
        self.flushed.saturating_add(length_of(&self.pending))
    }

    /// More than half was written.
    pub(crate) fn is_past_half(&self) -> bool {
        self.written() > self.length() / 2
    }

    /// There are no readers.
    pub(crate) fn is_deserted(&self) -> bool {
        self.body.progress.receiver_count() == 0
    }

    /// Waits until there are no readers.
    pub(crate) async fn deserted(&self) {
        self.body.progress.closed().await;
    }

    /// Readers have not been shown all that was written.
    pub(crate) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes bytes; readers see them once they are a block, or after [`flush`](DiskWriter::flush).
    ///
    /// # Errors
    /// The disk failed.
    pub(crate) async fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(data);
        if length_of(&self.pending) >= BLOCK { self.flush().await } else { Ok(()) }
    }

    /// Writes what was taken into the file, and shows it to readers.
    ///
    /// # Errors
    /// The disk failed.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let (data, offset) = (self.pending.split().freeze(), self.flushed);
        let body = Arc::clone(&self.body);
        let (file, bytes) = (self.file.take(), data.clone());
        let written = self.body.folder.work(move || {
            let file = match file {
                Some(file) => file,
                None => Arc::new(body.create()?),
            };
            file.write_all_at(&bytes, offset)?;
            Ok(file)
        });
        self.file = Some(written.await?);
        self.sum(&data);
        self.flushed = self.flushed.saturating_add(length_of(&data));
        // The checksums are there before a reader can ask for the bytes.
        self.body.progress.send_modify(|progress| progress.written = self.flushed);
        Ok(())
    }

    /// The body is complete.
    ///
    /// # Errors
    /// The disk failed, and readers get a failure.
    pub(crate) async fn finish(mut self) -> io::Result<()> {
        self.flush().await?;
        let body = Arc::clone(&self.body);
        self.body.folder.work(move || body.settle()).await?;
        if !self.flushed.is_multiple_of(BLOCK) {
            self.body.add_checksum(self.checksum.finalize());
        }
        self.body.progress.send_modify(|progress| progress.end = Some(Ok(())));
        Ok(())
    }

    /// The body is not complete, and will not be.
    pub(crate) fn fail(self, failed: TransferFailed) {
        self.end_with(failed);
    }

    fn end_with(&self, failed: TransferFailed) {
        self.body.progress.send_if_modified(|progress| {
            let is_open = progress.end.is_none();
            if is_open {
                progress.end = Some(Err(failed));
            }
            is_open
        });
    }

    /// Counts bytes that follow those in the file into the checksums.
    fn sum(&mut self, data: &[u8]) {
        let (mut rest, mut position) = (data, self.flushed);
        while !rest.is_empty() {
            let room = usize::try_from(BLOCK - position % BLOCK).unwrap_or(rest.len());
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.checksum.update(now);
            position = position.saturating_add(length_of(now));
            if position.is_multiple_of(BLOCK) {
                self.body.add_checksum(self.checksum.finalize());
                self.checksum = Digest::new(Crc64Nvme);
            }
            rest = later;
        }
    }
}

impl Drop for DiskWriter {
    fn drop(&mut self) {
        self.end_with(TransferFailed::Abandoned);
    }
}
