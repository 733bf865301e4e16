//! What a thread does all day.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::Builder;

use super::isolates::{IDLE, Isolates};
use super::pool::{Place, Pool, Task};
use crate::{Failure, Outcome};

/// Stack of a thread, in bytes: eight times what the engine allows itself.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Starts a thread. It ends when its place is given to another or the pool is closed.
pub(super) fn start(pool: Arc<Pool>, place: Place, inbox: Receiver<Task>) -> io::Result<()> {
    Builder::new()
        .name(format!("function-{}", place.seat))
        .stack_size(STACK_BYTES)
        .spawn(move || work(&pool, place, &inbox))
        .map(drop)
}

fn work(pool: &Pool, place: Place, inbox: &Receiver<Task>) {
    let mut isolates = Isolates::new(pool.limits);
    loop {
        match inbox.recv_timeout(IDLE) {
            Ok(task) => {
                let mut next = Some(task);
                while let Some(task) = next {
                    if !run(pool, place, &mut isolates, &task) {
                        return;
                    }
                    next = pool.next(place);
                }
            }
            Err(RecvTimeoutError::Timeout) => isolates.drop_idle(IDLE),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Runs one invocation and answers it. Says whether the thread still has its place.
fn run(pool: &Pool, place: Place, isolates: &mut Isolates, task: &Task) -> bool {
    // What a panic leaves behind is dropped: the isolate is not among the kept ones while it runs.
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let mut isolate = isolates.take(&task.function);
        let outcome = isolate.invoke(&task.invocation);
        (isolate, outcome)
    }));
    let (isolate, outcome) = match ran {
        Ok((isolate, outcome)) => (Some(isolate), outcome),
        Err(_) => (None, Outcome::failed(Failure::Execution("InternalError: the sandbox failed".to_owned()))),
    };
    let seated = pool.answer(place, &task.function, outcome);
    if let Some(mut isolate) = isolate {
        // The caller has its answer already.
        isolate.refresh();
        isolates.keep(&task.function, isolate);
    }
    seated
}
