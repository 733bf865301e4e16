//! A piece of a file as a body, read as it is asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::JoinHandle;

use super::super::exchange::OriginFailure;
use super::conditions::Part;

/// Bytes of one frame.
const FRAME: u64 = 256 * 1024;

/// The body.
pub(super) struct FileBody {
    state: State,
    /// Bytes that are still to come.
    left: u64,
}

enum State {
    Idle(File),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    Ended,
}

impl FileBody {
    pub(super) fn new(mut file: File, part: Part) -> FileBody {
        let state = match file.seek(SeekFrom::Start(part.start)) {
            Ok(_) => State::Idle(file),
            Err(_) => State::Ended,
        };
        FileBody { state, left: part.length }
    }

    fn fail(&mut self, error: &dyn std::fmt::Display) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        self.state = State::Ended;
        self.left = 0;
        Poll::Ready(Some(Err(OriginFailure::Broken("the folder".to_owned(), error.to_string()))))
    }
}

fn read(mut file: File, most: u64) -> io::Result<(File, Bytes)> {
    let mut bytes = Vec::new();
    (&mut file).take(most).read_to_end(&mut bytes)?;
    Ok((file, Bytes::from(bytes)))
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        loop {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return self.fail(&"it cannot be read"),
                State::Idle(file) => {
                    let most = self.left.min(FRAME);
                    self.state = State::Reading(tokio::task::spawn_blocking(move || read(file, most)));
                }
                State::Reading(mut task) => {
                    let Poll::Ready(done) = Pin::new(&mut task).poll(context) else {
                        self.state = State::Reading(task);
                        return Poll::Pending;
                    };
                    let (file, bytes) = match done.map_err(io::Error::other).flatten() {
                        Ok(read) => read,
                        Err(error) => return self.fail(&error),
                    };
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    if length == 0 {
                        return self.fail(&"the file became shorter");
                    }
                    self.left = self.left.saturating_sub(length);
                    self.state = State::Idle(file);
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
