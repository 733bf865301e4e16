//! The server's end of a channel: asynchronous, since many workers run at a time.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::fs::ftruncate;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::lookout::Lookout;
use super::shared_memory::{MEMORY_BYTES, PIECE_BYTES, SharedMemory, Side};
use super::{Closed, MESSAGE_BYTES};
use crate::clock::monotonic_ns;

/// An answer that is expected sooner than this is looked for, by a caller that is alone. It is longer than a worker's,
/// because what it waits for is a whole invocation.
const LOOK_NS: u64 = 30_000;

/// The server's end.
pub(crate) struct ParentEnd {
    memory: SharedMemory,
    /// It is registered with the runtime that made it, once: only a side that sleeps is rung for.
    doorbell: AsyncFd<UnixStream>,
    lookout: Lookout,
    message: Vec<u8>,
    /// Whether a message was begun that did not come to its end, so that nothing can follow it.
    broken: bool,
}

/// What the worker process gets.
pub(crate) struct WorkerDescriptors {
    pub(crate) memory: OwnedFd,
    pub(crate) doorbell: OwnedFd,
}

/// Makes a channel. It can only be used on the runtime that this is called on.
pub(crate) fn open() -> io::Result<(ParentEnd, WorkerDescriptors)> {
    let memory = new_memory()?;
    ftruncate(&memory, u64::try_from(MEMORY_BYTES).unwrap_or(u64::MAX))?;
    let (doorbell, other) = UnixStream::pair()?;
    doorbell.set_nonblocking(true)?;
    #[expect(unsafe_code, reason = "tokio has to trust that the descriptor stays what it is")]
    // SAFETY: the socket is owned by what registers it, and nothing else closes it.
    let doorbell = unsafe { AsyncFd::register_with_interest(doorbell, Interest::READABLE) }?;
    let parent = ParentEnd {
        memory: SharedMemory::map(&memory, Side::Parent)?,
        doorbell,
        lookout: Lookout::new(LOOK_NS),
        message: Vec::new(),
        broken: false,
    };
    Ok((parent, WorkerDescriptors { memory, doorbell: other.into() }))
}

#[cfg(target_os = "linux")]
fn new_memory() -> io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create("keyfront-function", MemfdFlags::CLOEXEC)?)
}

/// A file without a name.
#[cfg(not(target_os = "linux"))]
fn new_memory() -> io::Result<OwnedFd> {
    Ok(tempfile::tempfile()?.into())
}

impl ParentEnd {
    /// Sends a message when it is this side's turn. One that is longer than a piece waits for the other side between
    /// pieces.
    pub(crate) async fn send(&mut self, message: &[u8]) -> Result<(), Closed> {
        self.begin()?;
        self.wait().await?;
        let mut pieces = message.chunks(PIECE_BYTES).peekable();
        while let Some(piece) = pieces.next() {
            let more = pieces.peek().is_some();
            self.pass(piece, more)?;
            if more {
                self.wait().await?;
            }
        }
        self.broken = false;
        Ok(())
    }

    /// Waits until the other side has passed the turn, which it does for the first time when it is ready.
    pub(crate) async fn wait(&mut self) -> Result<(), Closed> {
        if self.memory.has_turn() {
            return Ok(());
        }
        while self.memory.may_sleep() {
            let mut ready = self.doorbell.readable().await.map_err(|_no_reactor| Closed)?;
            let mut rings = [0; 16];
            match recv(self.doorbell.get_ref(), &mut rings, RecvFlags::DONTWAIT) {
                Ok((_, 0)) => return Err(Closed),
                Ok(_) | Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => ready.clear_ready(),
                Err(_) => return Err(Closed),
            }
        }
        Ok(())
    }

    /// Waits for the next message and takes it. A caller that is alone may look for it without giving its thread away.
    pub(crate) async fn receive(&mut self, is_alone: bool) -> Result<&[u8], Closed> {
        self.begin()?;
        let mut message = std::mem::take(&mut self.message);
        message.clear();
        let since_ns = monotonic_ns();
        let time = if is_alone { self.lookout.time() } else { Duration::ZERO };
        if !self.memory.look_for_turn(time) {
            self.wait().await?;
        }
        self.lookout.learn(self.memory.came_after_ns(since_ns));
        while self.memory.take(&mut message, MESSAGE_BYTES)? {
            self.pass(&[], false)?;
            self.wait().await?;
        }
        self.message = message;
        self.broken = false;
        Ok(&self.message)
    }

    fn begin(&mut self) -> Result<(), Closed> {
        if std::mem::replace(&mut self.broken, true) { Err(Closed) } else { Ok(()) }
    }

    fn pass(&mut self, piece: &[u8], more: bool) -> Result<(), Closed> {
        if self.memory.pass(piece, more) {
            match send(self.doorbell.get_ref(), &[0], SendFlags::empty()) {
                // A full socket has rings enough to wake the other side.
                Ok(_) | Err(Errno::AGAIN) => {}
                Err(_) => return Err(Closed),
            }
        }
        Ok(())
    }
}
