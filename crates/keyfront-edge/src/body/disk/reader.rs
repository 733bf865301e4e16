//! Reads a body from its file, while it is written or later.

use std::fs::File;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::sync::watch;

use super::file::{DiskBody, Progress};
use crate::body::{TransferFailed, length_of};

/// Reads a body.
pub(crate) struct DiskReader {
    body: Arc<DiskBody>,
    /// Opened for the first byte.
    file: Option<Arc<File>>,
    /// The writer knows by it that there is a reader.
    progress: watch::Receiver<Progress>,
    under_way: Option<Reading>,
}

/// What is read, and the file that it is read from.
type Read = Result<Option<(Arc<File>, Bytes)>, TransferFailed>;

type Reading = Pin<Box<dyn Future<Output = Read> + Send>>;

impl DiskBody {
    /// One more reader. `None` if the body has failed.
    pub(crate) fn reader(self: &Arc<DiskBody>) -> Option<DiskReader> {
        let progress = self.progress.subscribe();
        let has_failed = self.is_damaged() || matches!(progress.borrow().end, Some(Err(_)));
        (!has_failed).then(|| DiskReader::new(Arc::clone(self), progress))
    }
}

impl DiskReader {
    fn new(body: Arc<DiskBody>, progress: watch::Receiver<Progress>) -> DiskReader {
        DiskReader { body, file: None, progress, under_way: None }
    }

    /// A second reader.
    pub(crate) fn again(&self) -> Option<DiskReader> {
        self.body.reader()
    }

    /// How much of the body has come; `None` once it has ended.
    pub(crate) fn there(&self) -> Option<u64> {
        let progress = self.progress.borrow();
        progress.end.is_none().then_some(progress.written)
    }

    /// The length of the whole body.
    pub(crate) fn length(&self) -> u64 {
        self.body.length()
    }

    /// The next bytes from an offset on, not beyond another; `None` at the end.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        offset: u64,
        until: u64,
    ) -> Poll<Option<Result<Bytes, TransferFailed>>> {
        let reading = self.under_way.get_or_insert_with(|| {
            let (body, file, progress) = (Arc::clone(&self.body), self.file.clone(), self.progress.clone());
            Box::pin(read(body, file, progress, offset))
        });
        let read = ready!(reading.as_mut().poll(cx));
        self.under_way = None;
        Poll::Ready(match read {
            Ok(None) => None,
            Ok(Some((file, bytes))) => {
                self.file = Some(file);
                let wanted = until.saturating_sub(offset).min(length_of(&bytes));
                Some(Ok(bytes.slice(..usize::try_from(wanted).unwrap_or(bytes.len()))))
            }
            Err(failed) => Some(Err(failed)),
        })
    }
}

/// Waits until there are bytes at an offset, and reads them.
async fn read(
    body: Arc<DiskBody>,
    file: Option<Arc<File>>,
    mut progress: watch::Receiver<Progress>,
    offset: u64,
) -> Read {
    let written = loop {
        let seen = progress.borrow_and_update().clone();
        if offset < seen.written {
            break seen.written;
        }
        match seen.end {
            Some(Ok(())) => return Ok(None),
            Some(Err(failed)) => return Err(failed),
            // The body has the sender, and this has the body.
            None => progress.changed().await.map_err(|_gone| TransferFailed::Abandoned)?,
        }
    };
    let reads = Arc::clone(&body);
    let read = body.folder.work(move || {
        let file = match file {
            Some(file) => file,
            None => Arc::new(reads.open()?),
        };
        let bytes = reads.read(&file, offset, written)?;
        Ok((file, bytes))
    });
    read.await.map(Some).map_err(|error| body.note_damage(&error))
}
