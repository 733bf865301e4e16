//! Waits for the writer's queue, with or without a time limit.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::shared::Job;

/// The receiving end of the queue, for a thread of its own.
pub(crate) struct Queue(mpsc::Receiver<Job>);

/// What the waiting ended with.
pub(crate) enum Waited {
    Jobs,
    /// The patience ended, or a little earlier.
    Nothing,
    /// Every sender is gone and everything was received.
    Closed,
}

impl Queue {
    pub(crate) fn new(receiver: mpsc::Receiver<Job>) -> Queue {
        Queue(receiver)
    }

    /// Appends what has queued to `jobs`, at most `limit` of them, once there is something.
    pub(crate) fn wait(&mut self, jobs: &mut Vec<Job>, limit: usize, patience: Option<Duration>) -> Waited {
        let Some(patience) = patience else {
            let received = self.0.blocking_recv_many(jobs, limit);
            return if received > 0 { Waited::Jobs } else { Waited::Closed };
        };
        // tokio's own wait has no end; one with an end needs a runtime, or these few lines.
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        for is_last in [false, true] {
            match self.0.poll_recv_many(&mut context, jobs, limit) {
                Poll::Ready(0) => return Waited::Closed,
                Poll::Ready(_) => return Waited::Jobs,
                Poll::Pending if is_last => {}
                Poll::Pending => thread::park_timeout(patience),
            }
        }
        Waited::Nothing
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
