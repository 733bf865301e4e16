//! The channel between the server and one worker process: a piece of shared memory, and a socket as a doorbell.
//!
//! The two sides take turns, like a call and its answer: whose turn it is may write a message into the memory and
//! pass the turn. Who waits looks at the turn as long as that pays (`lookout`) and then sleeps at its end of the socket, where
//! the other rings when it passes the turn to a sleeper. So a pair of processes that is alone exchanges messages without any
//! system call, an idle one costs nothing, and a process that ends is noticed at the socket. The memory is as large as one piece
//! of a message; longer messages go in pieces, and the turn goes back and forth for each.
//!
//! Neither side relies on the other for its own safety: what is in the memory is copied out before it is read, and lengths
//! are bounded.

mod lookout;
mod parent;
mod shared_memory;
mod worker;

pub(crate) use self::parent::{ParentEnd, open};
pub(crate) use self::worker::{Awaited, WorkerEnd};

/// The longest message, in bytes.
const MESSAGE_BYTES: usize = 64 * 1024 * 1024;

/// The other side ended, or broke the rules of the channel.
#[derive(Debug, thiserror::Error)]
#[error("the other side of the channel is gone")]
pub(crate) struct Closed;
