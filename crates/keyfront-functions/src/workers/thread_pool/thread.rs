//! The loop of one thread: takes tasks, runs them, answers.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::Builder;

use super::scheduler::{Scheduler, Task, ThreadId};
use crate::isolate::WhenFull;
use crate::isolates::{IDLE, Isolates, Usage};
use crate::{Failure, Limits, Outcome};

/// Stack of a thread, in bytes: eight times what the engine allows itself.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// What every thread of a pool is made with.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) limits: Limits,
    /// Bytes of isolates that the thread keeps.
    pub(super) isolate_bytes: usize,
    pub(super) usage: Arc<Usage>,
}

/// Starts a thread. It ends when it is replaced or the pool is closed.
pub(super) fn spawn(
    worker: Worker,
    scheduler: Arc<Scheduler>,
    thread: ThreadId,
    inbox: Receiver<Task>,
) -> io::Result<()> {
    Builder::new()
        .name(format!("function-{}", thread.slot))
        .stack_size(STACK_BYTES)
        .spawn(move || work(worker, &scheduler, thread, &inbox))
        .map(drop)
}

fn work(worker: Worker, scheduler: &Scheduler, thread: ThreadId, inbox: &Receiver<Task>) {
    let mut isolates = Isolates::new(worker.limits, WhenFull::Refuse, worker.isolate_bytes, worker.usage);
    loop {
        match inbox.recv_timeout(IDLE) {
            Ok(task) => {
                let mut next = Some(task);
                while let Some(task) = next {
                    if !run(scheduler, thread, &mut isolates, &task) {
                        return;
                    }
                    next = scheduler.next(thread);
                }
            }
            Err(RecvTimeoutError::Timeout) => isolates.drop_idle(IDLE),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Runs one invocation and answers it. Says whether the thread still belongs to the pool.
fn run(scheduler: &Scheduler, thread: ThreadId, isolates: &mut Isolates, task: &Task) -> bool {
    let fingerprint = task.function.fingerprint();
    // What a panic leaves behind is dropped: the isolate is not among the kept ones while it runs.
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let kept = isolates.take(fingerprint);
        let mut isolate = kept.unwrap_or_else(|| isolates.load(&task.function));
        let outcome = isolate.invoke(&task.invocation);
        (isolate, outcome)
    }));
    let (isolate, outcome) = match ran {
        Ok((isolate, outcome)) => (Some(isolate), outcome),
        Err(_) => (None, Outcome::failed(Failure::Execution("InternalError: the sandbox failed".to_owned()))),
    };
    let belongs = scheduler.answer(thread, &task.function, outcome);
    if let Some(mut isolate) = isolate {
        // The caller has its answer already.
        isolate.refresh();
        isolates.keep(fingerprint, isolate);
    }
    belongs
}
