//! Assigns invocations to threads, queues those that have to wait, and replaces threads that hang.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::clock::Stopwatch;
use crate::isolate::exceeded;
use crate::workers::Overloaded;
use crate::{Failure, Function, Invocation, Outcome};

/// Invocations that may wait for each thread.
const QUEUED_PER_THREAD: usize = 256;

/// Threads that hang and were replaced, for each thread, beyond which nothing is begun any more.
const HUNG_PER_THREAD: usize = 4;

/// What a thread has to do.
pub(super) struct Task {
    pub(super) function: Function,
    pub(super) invocation: Invocation,
}

/// A task with its caller.
struct Job {
    task: Task,
    reply: oneshot::Sender<Outcome>,
}

/// Starts a thread that takes its tasks from the channel.
pub(super) type Spawn =
    dyn Fn(Arc<Scheduler>, ThreadId, mpsc::Receiver<Task>) -> io::Result<()> + Send + Sync;

/// The threads of a pool and what they have to do. It outlives the pool as long as one of its threads runs.
pub(super) struct Scheduler {
    spawn: Box<Spawn>,
    state: Mutex<State>,
}

struct State {
    open: bool,
    slots: Vec<Option<Slot>>,
    queue: VecDeque<Job>,
    /// How many threads that hang each function holds, by its fingerprint.
    hung: HashMap<u64, usize>,
    /// Tells the threads of a slot apart.
    threads_started: u64,
}

/// A thread of the pool.
struct Slot {
    thread: u64,
    tasks: mpsc::Sender<Task>,
    running: Option<Running>,
}

/// The invocation that a thread runs.
struct Running {
    function: u64,
    since: Stopwatch,
    /// Nothing once it was answered.
    reply: Option<oneshot::Sender<Outcome>>,
}

/// Names a thread of the pool.
#[derive(Clone, Copy)]
pub(super) struct ThreadId {
    pub(super) slot: usize,
    thread: u64,
}

impl Scheduler {
    pub(super) fn new(threads: usize, spawn: Box<Spawn>) -> Scheduler {
        let state = State {
            open: true,
            slots: (0..threads.max(1)).map(|_| None).collect(),
            queue: VecDeque::new(),
            hung: HashMap::new(),
            threads_started: 0,
        };
        Scheduler { spawn, state: Mutex::new(state) }
    }

    /// Assigns a task to a thread, or queues it.
    pub(super) fn submit(
        self: &Arc<Scheduler>,
        task: Task,
    ) -> Result<oneshot::Receiver<Outcome>, Overloaded> {
        let (reply, answer) = oneshot::channel();
        let mut state = self.lock();
        if state.hung.contains_key(&task.function.fingerprint()) {
            // It would hold another thread.
            send(reply, Outcome::failed(Failure::Throttled));
            return Ok(answer);
        }
        if state.hung.values().sum::<usize>() >= HUNG_PER_THREAD * state.slots.len() {
            return Err(Overloaded);
        }
        match self.assign(&mut state, Job { task, reply }) {
            None => Ok(answer),
            Some(_) if state.queue.len() >= QUEUED_PER_THREAD * state.slots.len() => Err(Overloaded),
            // Without any thread the queue would never be served.
            Some(_) if state.slots.iter().all(Option::is_none) => Err(Overloaded),
            Some(job) => {
                state.queue.push_back(job);
                Ok(answer)
            }
        }
    }

    /// Replaces the threads that have run one invocation for longer than `invocation_timeout`.
    pub(super) fn replace_hung_threads(self: &Arc<Scheduler>, invocation_timeout: Duration) {
        let mut guard = self.lock();
        let state = &mut *guard;
        for slot in &mut state.slots {
            let hangs =
                |running: &Running| running.reply.is_some() && running.since.elapsed() >= invocation_timeout;
            let running = slot.as_mut().and_then(|slot| slot.running.take_if(|running| hangs(running)));
            if let Some(running) = running {
                *slot = None;
                *state.hung.entry(running.function).or_default() += 1;
                if let Some(reply) = running.reply {
                    send(reply, Outcome::failed(exceeded()));
                }
            }
        }
        while let Some(job) = state.take_queued() {
            if let Some(job) = self.assign(state, job) {
                state.queue.push_front(job);
                break;
            }
        }
    }

    /// A thread has an outcome. Says whether it still belongs to the pool.
    pub(super) fn answer(&self, thread: ThreadId, function: &Function, outcome: Outcome) -> bool {
        let mut state = self.lock();
        if let Some(running) = state.slot(thread).map(|slot| &mut slot.running) {
            if let Some(reply) = running.as_mut().and_then(|running| running.reply.take()) {
                send(reply, outcome);
            }
            return true;
        }
        // The thread was replaced, and comes back after all.
        if let Some(count) = state.hung.get_mut(&function.fingerprint()) {
            *count -= 1;
            if *count == 0 {
                state.hung.remove(&function.fingerprint());
            }
        }
        false
    }

    /// A thread is free. It gets what is queued for longest, if anything is.
    pub(super) fn next(&self, thread: ThreadId) -> Option<Task> {
        let mut state = self.lock();
        let job = state.take_queued();
        let (task, running) = job.map(Job::start).unzip();
        if let Some(slot) = state.slot(thread) {
            slot.running = running;
        }
        task
    }

    /// Lets the threads end when they are done with what they do.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        state.queue.clear();
        state.slots.clear();
    }

    /// Gives a job to a free thread: to the function's preferred one, which follows from its id, or to any other. Gives
    /// the job back if none is free.
    fn assign(self: &Arc<Scheduler>, state: &mut State, job: Job) -> Option<Job> {
        let slots = state.slots.len();
        let preferred =
            usize::try_from(job.task.function.id() % u64::try_from(slots).unwrap_or(1).max(1)).unwrap_or(0);
        let is_free = |slot: &Option<Slot>| slot.as_ref().is_some_and(|slot| slot.running.is_none());
        let order = || std::iter::once(preferred).chain(0..slots);
        let at_preferred = state
            .slots
            .get(preferred)
            .is_some_and(|slot| slot.is_none() || is_free(slot))
            .then_some(preferred);
        let chosen = at_preferred
            .or_else(|| order().find(|index| state.slots.get(*index).is_some_and(is_free)))
            .or_else(|| order().find(|index| state.slots.get(*index).is_some_and(Option::is_none)));
        let Some(index) = chosen else { return Some(job) };
        if state.slots.get(index).is_some_and(Option::is_none) && !self.start_thread(state, index) {
            return Some(job);
        }
        let Some(slot) = state.slots.get_mut(index).and_then(Option::as_mut) else { return Some(job) };
        let (task, running) = job.start();
        match slot.tasks.send(task) {
            Ok(()) => {
                slot.running = Some(running);
                None
            }
            // A thread ends before its slot only if it panicked outside of any function.
            Err(mpsc::SendError(task)) => {
                let job = running.reply.map(|reply| Job { task, reply });
                state.slots.get_mut(index).map(Option::take);
                job
            }
        }
    }

    /// Starts a thread for a slot. Says whether the system gave one.
    fn start_thread(self: &Arc<Scheduler>, state: &mut State, slot: usize) -> bool {
        if !state.open {
            return false;
        }
        state.threads_started += 1;
        let id = ThreadId { slot, thread: state.threads_started };
        let (tasks, inbox) = mpsc::channel();
        let started = (self.spawn)(Arc::clone(self), id, inbox).is_ok();
        if let (true, Some(slot)) = (started, state.slots.get_mut(slot)) {
            *slot = Some(Slot { thread: id.thread, tasks, running: None });
        }
        started
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics halfway, so what a poisoned lock guards is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes out the job that is queued for longest. Those that would hold another thread fail.
    fn take_queued(&mut self) -> Option<Job> {
        while let Some(job) = self.queue.pop_front() {
            if !self.hung.contains_key(&job.task.function.fingerprint()) {
                return Some(job);
            }
            send(job.reply, Outcome::failed(Failure::Throttled));
        }
        None
    }

    /// The slot of a thread, if the thread still has it.
    fn slot(&mut self, id: ThreadId) -> Option<&mut Slot> {
        self.slots.get_mut(id.slot)?.as_mut().filter(|slot| slot.thread == id.thread)
    }
}

impl Job {
    fn start(self) -> (Task, Running) {
        let function = self.task.function.fingerprint();
        (self.task, Running { function, since: Stopwatch::start(), reply: Some(self.reply) })
    }
}

/// Answers. A caller that left is not an error.
fn send(reply: oneshot::Sender<Outcome>, outcome: Outcome) {
    drop(reply.send(outcome));
}
