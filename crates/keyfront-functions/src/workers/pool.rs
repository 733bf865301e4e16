//! Who sits on which thread, who waits, and who does not come back.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Overloaded, thread};
use crate::clock::Stopwatch;
use crate::isolate::exceeded;
use crate::{Failure, Function, Invocation, Limits, Outcome};

/// Invocations that may wait for each thread.
const WAITING_PER_THREAD: usize = 256;

/// Threads that were given up and did not come back, for each thread, beyond which nothing is begun any more.
const STUCK_PER_THREAD: usize = 4;

/// What a thread has to do.
pub(super) struct Task {
    pub(super) function: Function,
    pub(super) invocation: Invocation,
}

/// What somebody waits for.
struct Job {
    task: Task,
    reply: oneshot::Sender<Outcome>,
}

/// Threads and what they have to do. It outlives the [`super::Workers`] as long as one of its threads runs.
pub(super) struct Pool {
    pub(super) limits: Limits,
    state: Mutex<State>,
}

struct State {
    open: bool,
    seats: Vec<Option<Seat>>,
    waiting: VecDeque<Job>,
    /// How many threads each function, by its fingerprint, holds that were given up.
    stuck: HashMap<u64, usize>,
    /// Tells the threads of a seat apart.
    threads_started: u64,
}

/// A thread's place.
struct Seat {
    thread: u64,
    tasks: mpsc::Sender<Task>,
    running: Option<Running>,
}

/// What a thread does.
struct Running {
    function: u64,
    since: Stopwatch,
    /// Nobody waits any more once it was answered.
    reply: Option<oneshot::Sender<Outcome>>,
}

/// A thread's place, as the thread knows it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) seat: usize,
    thread: u64,
}

impl Pool {
    pub(super) fn new(threads: usize, limits: Limits) -> Pool {
        let state = State {
            open: true,
            seats: (0..threads.max(1)).map(|_| None).collect(),
            waiting: VecDeque::new(),
            stuck: HashMap::new(),
            threads_started: 0,
        };
        Pool { limits, state: Mutex::new(state) }
    }

    /// Gives a function to a thread, or lets it wait for one.
    pub(super) fn submit(self: &Arc<Pool>, task: Task) -> Result<oneshot::Receiver<Outcome>, Overloaded> {
        let (reply, answer) = oneshot::channel();
        let mut state = self.lock();
        if state.stuck.contains_key(&task.function.fingerprint()) {
            // It would hold another thread.
            send(reply, Outcome::failed(Failure::Throttled));
            return Ok(answer);
        }
        if state.stuck.values().sum::<usize>() >= STUCK_PER_THREAD * state.seats.len() {
            return Err(Overloaded);
        }
        match self.place(&mut state, Job { task, reply }) {
            None => Ok(answer),
            Some(_) if state.waiting.len() >= WAITING_PER_THREAD * state.seats.len() => Err(Overloaded),
            // Without any thread nobody would come for it.
            Some(_) if state.seats.iter().all(Option::is_none) => Err(Overloaded),
            Some(job) => {
                state.waiting.push_back(job);
                Ok(answer)
            }
        }
    }

    /// Gives up the threads that have run one invocation for longer than `patience`. Their seats get new ones.
    pub(super) fn give_up(self: &Arc<Pool>, patience: Duration) {
        let mut guard = self.lock();
        let state = &mut *guard;
        for seat in &mut state.seats {
            let late = |running: &Running| running.reply.is_some() && running.since.elapsed() >= patience;
            let running = seat.as_mut().and_then(|seat| seat.running.take_if(|running| late(running)));
            if let Some(running) = running {
                *seat = None;
                *state.stuck.entry(running.function).or_default() += 1;
                if let Some(reply) = running.reply {
                    send(reply, Outcome::failed(exceeded()));
                }
            }
        }
        while let Some(job) = state.take_waiting() {
            if let Some(job) = self.place(state, job) {
                state.waiting.push_front(job);
                break;
            }
        }
    }

    /// A thread has an outcome. Says whether it still has its place.
    pub(super) fn answer(&self, place: Place, function: &Function, outcome: Outcome) -> bool {
        let mut state = self.lock();
        if let Some(running) = state.seat(place).map(|seat| &mut seat.running) {
            if let Some(reply) = running.as_mut().and_then(|running| running.reply.take()) {
                send(reply, outcome);
            }
            return true;
        }
        // The thread was given up, and comes back after all.
        if let Some(count) = state.stuck.get_mut(&function.fingerprint()) {
            *count -= 1;
            if *count == 0 {
                state.stuck.remove(&function.fingerprint());
            }
        }
        false
    }

    /// A thread has time. It gets what waits for longest, if anything does.
    pub(super) fn next(&self, place: Place) -> Option<Task> {
        let mut state = self.lock();
        let job = state.take_waiting();
        let (task, running) = job.map(Job::start).unzip();
        if let Some(seat) = state.seat(place) {
            seat.running = running;
        }
        task
    }

    /// Lets the threads end when they are done with what they do.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        state.waiting.clear();
        state.seats.clear();
    }

    /// Puts a job on a thread without work: on the function's own, which follows from its id, or on any other. Gives
    /// the job back if all have work.
    fn place(self: &Arc<Pool>, state: &mut State, job: Job) -> Option<Job> {
        let seats = state.seats.len();
        let home =
            usize::try_from(job.task.function.id() % u64::try_from(seats).unwrap_or(1).max(1)).unwrap_or(0);
        let is_idle = |seat: &Option<Seat>| seat.as_ref().is_some_and(|seat| seat.running.is_none());
        let order = || std::iter::once(home).chain(0..seats);
        let at_home =
            state.seats.get(home).is_some_and(|seat| seat.is_none() || is_idle(seat)).then_some(home);
        let chosen = at_home
            .or_else(|| order().find(|index| state.seats.get(*index).is_some_and(is_idle)))
            .or_else(|| order().find(|index| state.seats.get(*index).is_some_and(Option::is_none)));
        let Some(index) = chosen else { return Some(job) };
        if state.seats.get(index).is_some_and(Option::is_none) && !self.hire(state, index) {
            return Some(job);
        }
        let Some(seat) = state.seats.get_mut(index).and_then(Option::as_mut) else { return Some(job) };
        let (task, running) = job.start();
        match seat.tasks.send(task) {
            Ok(()) => {
                seat.running = Some(running);
                None
            }
            // A thread ends before its seat only if it panicked outside of any function.
            Err(mpsc::SendError(task)) => {
                let job = running.reply.map(|reply| Job { task, reply });
                state.seats.get_mut(index).map(Option::take);
                job
            }
        }
    }

    /// Starts a thread for a seat. Says whether the system gave one.
    fn hire(self: &Arc<Pool>, state: &mut State, index: usize) -> bool {
        if !state.open {
            return false;
        }
        state.threads_started += 1;
        let place = Place { seat: index, thread: state.threads_started };
        let (tasks, inbox) = mpsc::channel();
        let started = thread::start(Arc::clone(self), place, inbox).is_ok();
        if let (true, Some(seat)) = (started, state.seats.get_mut(index)) {
            *seat = Some(Seat { thread: place.thread, tasks, running: None });
        }
        started
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics halfway, so what a poisoned lock guards is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes out the job that waits for longest. Those that would hold another thread fail.
    fn take_waiting(&mut self) -> Option<Job> {
        while let Some(job) = self.waiting.pop_front() {
            if !self.stuck.contains_key(&job.task.function.fingerprint()) {
                return Some(job);
            }
            send(job.reply, Outcome::failed(Failure::Throttled));
        }
        None
    }

    /// The seat, if the thread still has it.
    fn seat(&mut self, place: Place) -> Option<&mut Seat> {
        self.seats.get_mut(place.seat)?.as_mut().filter(|seat| seat.thread == place.thread)
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
