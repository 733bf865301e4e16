//! The worker's end of a channel: a process with one thread, which blocks.

use std::io::{self, Stdin};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};

use super::lookout::Lookout;
use super::shared_memory::{PIECE_BYTES, SharedMemory, Side};
use super::{Closed, MESSAGE_BYTES};
use crate::clock::monotonic_ns;

/// A turn that is expected sooner than this is looked for.
const LOOK_NS: u64 = 10_000;

/// What a worker waits for. Answers may come soon although invocations are rare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Awaited {
    /// The next invocation.
    Invocation,
    /// The answer to a question of the invocation that runs.
    Answer,
}

/// The worker's end.
pub(crate) struct WorkerEnd {
    memory: SharedMemory,
    doorbell: Stdin,
    /// Whether to look for the turn before sleeping, which takes a processor from others.
    look: bool,
    for_invocation: Lookout,
    for_answer: Lookout,
    message: Vec<u8>,
}

impl WorkerEnd {
    /// The end with the file of shared memory that the parent gave, and the socket that it gave as standard input.
    pub(crate) fn new(memory: impl AsFd) -> io::Result<WorkerEnd> {
        let memory = SharedMemory::map(memory, Side::Worker)?;
        Ok(WorkerEnd {
            memory,
            doorbell: io::stdin(),
            look: false,
            for_invocation: Lookout::new(LOOK_NS),
            for_answer: Lookout::new(LOOK_NS),
            message: Vec::new(),
        })
    }

    /// Whether the turn may be looked for before sleeping.
    pub(crate) fn look(&mut self, look: bool) {
        self.look = look;
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &[u8]) -> Result<(), Closed> {
        let mut pieces = message.chunks(PIECE_BYTES).peekable();
        while let Some(piece) = pieces.next() {
            let more = pieces.peek().is_some();
            self.pass(piece, more)?;
            if more {
                self.wait(Awaited::Answer)?;
            }
        }
        Ok(())
    }

    /// Passes the turn back without an answer.
    pub(crate) fn acknowledge(&mut self) -> Result<(), Closed> {
        self.pass(&[], false)
    }

    /// Waits for the next message.
    pub(crate) fn receive(&mut self, awaited: Awaited) -> Result<&[u8], Closed> {
        let mut message = std::mem::take(&mut self.message);
        message.clear();
        self.wait(awaited)?;
        while self.memory.take(&mut message, MESSAGE_BYTES)? {
            self.acknowledge()?;
            self.wait(Awaited::Answer)?;
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

    fn wait(&mut self, awaited: Awaited) -> Result<(), Closed> {
        let since_ns = monotonic_ns();
        let time = if self.look { self.lookout(awaited).time() } else { Duration::ZERO };
        if !self.memory.look_for_turn(time) {
            self.sleep()?;
        }
        let came_after_ns = self.memory.came_after_ns(since_ns);
        self.lookout(awaited).learn(came_after_ns);
        Ok(())
    }

    fn sleep(&mut self) -> Result<(), Closed> {
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

    fn lookout(&mut self, awaited: Awaited) -> &mut Lookout {
        match awaited {
            Awaited::Invocation => &mut self.for_invocation,
            Awaited::Answer => &mut self.for_answer,
        }
    }
}
