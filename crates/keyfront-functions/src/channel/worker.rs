//! The worker's end of a channel: a process with one thread, which blocks.

use std::io::{self, Stdin};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};

use super::shared_memory::{PIECE_BYTES, SharedMemory, Side};
use super::{Closed, LOOK, MESSAGE_BYTES};

/// The worker's end.
pub(crate) struct WorkerEnd {
    memory: SharedMemory,
    doorbell: Stdin,
    look: Duration,
    message: Vec<u8>,
}

impl WorkerEnd {
    /// The end with the file of shared memory that the parent gave, and the socket that it gave as standard input.
    pub(crate) fn new(memory: impl AsFd) -> io::Result<WorkerEnd> {
        let memory = SharedMemory::map(memory, Side::Worker)?;
        Ok(WorkerEnd { memory, doorbell: io::stdin(), look: Duration::ZERO, message: Vec::new() })
    }

    /// Whether to look for the turn before sleeping, which takes a processor from others.
    pub(crate) fn look(&mut self, look: bool) {
        self.look = if look { LOOK } else { Duration::ZERO };
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &[u8]) -> Result<(), Closed> {
        let mut pieces = message.chunks(PIECE_BYTES).peekable();
        while let Some(piece) = pieces.next() {
            let more = pieces.peek().is_some();
            self.pass(piece, more)?;
            if more {
                self.wait()?;
            }
        }
        Ok(())
    }

    /// Passes the turn back without an answer.
    pub(crate) fn acknowledge(&mut self) -> Result<(), Closed> {
        self.pass(&[], false)
    }

    /// Waits for the next message.
    pub(crate) fn receive(&mut self) -> Result<&[u8], Closed> {
        let mut message = std::mem::take(&mut self.message);
        message.clear();
        self.wait()?;
        while self.memory.take(&mut message, MESSAGE_BYTES)? {
            self.acknowledge()?;
            self.wait()?;
        }
        self.message = message;
        Ok(&self.message)
    }

    fn pass(&mut self, piece: &[u8], more: bool) -> Result<(), Closed> {
        if self.memory.pass(piece, more) {
            send(&self.doorbell, &[0], SendFlags::empty()).map_err(|_gone| Closed)?;
        }
        Ok(())
    }

    fn wait(&mut self) -> Result<(), Closed> {
        if self.memory.look_for_turn(self.look) {
            return Ok(());
        }
        while self.memory.may_sleep() {
            let mut rings = [0; 16];
            match recv(&self.doorbell, &mut rings, RecvFlags::empty()) {
                Ok((_, 0)) => return Err(Closed),
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return Err(Closed),
            }
        }
        Ok(())
    }
}
