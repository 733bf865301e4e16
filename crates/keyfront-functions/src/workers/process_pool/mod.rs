//! Process pool: functions run in processes that can do nothing else, and are replaced when they break.
//!
//! A crash, a hang or a full memory of the engine ends one process and costs one invocation. Processes are started when
//! they are needed first, and one more than that is kept ready. Functions that have not proven themselves run in processes
//! of their own, of a low priority, which a process cannot be given and lose again. `scheduler` decides which invocation begins when;
//! `process` is one process, with `images` of the stores that it read; `exchange` is one invocation in it, with its deadlines.

mod exchange;
mod images;
mod process;
mod scheduler;

use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use keyfront_domain::AccountId;
use tokio::sync::oneshot;
use tokio::time::interval;

pub use self::process::WorkerCommand;
use self::process::{Worker, Workers};
use self::scheduler::{Admission, Ending, Scheduler, Slot, trial_slots};
use super::{Invoker, Overloaded, PoolSettings};
use crate::clock::Stopwatch;
use crate::isolates::{IDLE, Stats};
use crate::message::{Start, ToWorker};
use crate::{Failure, Function, Invocation, Outcome};

/// Processes that are kept beyond those that run at the same time, so that one that breaks is replaced at once.
const SPARE: usize = 1;

/// Invocations that run on beside those that have slots, for each slot and in addition: so many that wait for a processor,
/// and so many that use one for long. Of the latter, the one that used most is ended when another comes.
const BESIDE_PER_SLOT: usize = 1;
const BESIDE_IN_ADDITION: usize = 4;

/// The priority of processes for functions on trial: a tenth of the processor time that others get.
const TRIAL_NICE: i32 = 10;

/// How often processes that were unused for long are looked for.
const SWEEP: Duration = Duration::from_mins(1);

/// Worker processes. They end when it is dropped.
pub struct ProcessPool {
    shared: Arc<Shared>,
}

struct Shared {
    command: WorkerCommand,
    slots: usize,
    /// The first message to every process, by kind.
    start: Vec<u8>,
    start_on_trial: Vec<u8>,
    clock: Stopwatch,
    scheduler: Mutex<Scheduler<Waiter>>,
    pool: Mutex<Pool>,
    workers: Arc<Workers>,
    /// Invocations that run.
    running: AtomicUsize,
    /// Whether there are processors to wait actively on.
    look: bool,
}

#[derive(Default)]
struct Pool {
    proven: Idle,
    trial: Idle,
    swept: bool,
    /// Invocations that gave their slots up and have not used a processor for long.
    waiting: usize,
    /// Invocations that used a processor for long.
    heavy: Vec<Heavy>,
}

/// Processes of one kind that do nothing just now.
#[derive(Default)]
struct Idle {
    workers: Vec<Worker>,
    /// Whether one more is being started.
    starting: bool,
}

impl Pool {
    fn idle(&mut self, slot: Slot) -> &mut Idle {
        match slot {
            Slot::Proven => &mut self.proven,
            Slot::Trial => &mut self.trial,
        }
    }
}

/// An invocation that used a processor for long, as the others see it.
struct Heavy {
    /// The processor time that it used when it was last looked after.
    used: Arc<AtomicU64>,
    /// Ends it when it is dropped.
    end: oneshot::Sender<()>,
}

/// What a waiting invocation gets: a ticket, or nothing if its function is throttled.
type Waiter = oneshot::Sender<Option<Ticket>>;

/// The right to run one invocation.
struct Ticket {
    shared: Arc<Shared>,
    function: u64,
    /// The slot that it was given.
    slot: Slot,
    standing: Standing,
    ending: Ending,
}

/// Where an invocation stands among the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It has a slot.
    Slot,
    /// It gave its slot up, since it takes long, though it has not used a processor for long.
    Waiting,
    /// It used a processor for long, and has the lowest priority.
    Heavy,
}

impl ProcessPool {
    /// A pool without any process yet.
    pub fn new(command: WorkerCommand, settings: &PoolSettings) -> ProcessPool {
        let slots = settings.threads.max(1);
        let look = std::thread::available_parallelism().is_ok_and(|processors| processors.get() > 1);
        let start = |isolate_bytes| {
            let start = Start::new(&settings.limits, isolate_bytes, look);
            borsh::to_vec(&ToWorker::Start(start)).unwrap_or_default()
        };
        ProcessPool {
            shared: Arc::new(Shared {
                command,
                slots,
                start: start(settings.isolate_bytes / slots),
                // The next invocation is elsewhere.
                start_on_trial: start(0),
                clock: Stopwatch::start(),
                scheduler: Mutex::new(Scheduler::new(slots)),
                pool: Mutex::default(),
                workers: Workers::new(),
                running: AtomicUsize::new(0),
                look,
            }),
        }
    }
}

#[async_trait]
impl Invoker for ProcessPool {
    /// The caller's leaving ends an invocation. It needs tokio's clock and its I/O.
    async fn invoke(
        &self,
        account: AccountId,
        function: &Function,
        invocation: Invocation,
    ) -> Result<Outcome, Overloaded> {
        let (waiter, turn) = oneshot::channel();
        let fingerprint = function.fingerprint();
        let admission =
            self.shared.scheduler().submit(account, fingerprint, waiter, self.shared.clock.elapsed());
        match admission {
            Admission::Waits => {}
            Admission::Throttled(_) => return Ok(Outcome::failed(Failure::Throttled)),
            Admission::Overloaded(_) => return Err(Overloaded),
        }
        self.shared.begin_waiting();
        match turn.await {
            Ok(Some(ticket)) => Ok(exchange::run(ticket, function, invocation).await),
            Ok(None) => Ok(Outcome::failed(Failure::Throttled)),
            Err(_) => Err(Overloaded),
        }
    }

    fn stats(&self) -> Stats {
        self.shared.workers.stats()
    }
}

impl Shared {
    /// Gives tickets to those that may begin.
    fn begin_waiting(self: &Arc<Shared>) {
        loop {
            let next = self.scheduler().start_next();
            let Some((function, slot, waiter)) = next else { return };
            self.running.fetch_add(1, Ordering::Relaxed);
            let ticket = Ticket {
                shared: Arc::clone(self),
                function,
                slot,
                standing: Standing::Slot,
                ending: Ending::Late,
            };
            // The ticket of a caller that left comes back and ends.
            drop(waiter.send(Some(ticket)));
        }
    }

    /// A process for a function, preferably one that has it loaded.
    async fn take_worker(self: &Arc<Shared>, function: u64, slot: Slot) -> io::Result<Worker> {
        let idle = {
            let mut pool = self.pool();
            let workers = &mut pool.idle(slot).workers;
            let position = workers.iter().rposition(|worker| worker.has_loaded(function));
            match position {
                Some(position) => Some(workers.remove(position)),
                None => workers.pop(),
            }
        };
        let worker = match idle {
            Some(worker) => Ok(worker),
            None => self.start_worker(slot).await,
        };
        self.keep_spare(slot);
        worker
    }

    async fn start_worker(&self, slot: Slot) -> io::Result<Worker> {
        let (command, workers) = (self.command.clone(), Arc::clone(&self.workers));
        // The thread waits until the system has made the process, which takes long where many others run.
        let start = move || Worker::start(&command, &workers);
        let mut worker = tokio::task::spawn_blocking(start).await.map_err(io::Error::other)??;
        let start = match slot {
            Slot::Proven => &self.start,
            Slot::Trial => {
                worker.watch().lower_priority(TRIAL_NICE);
                &self.start_on_trial
            }
        };
        worker.channel.send(start).await.map_err(io::Error::other)?;
        Ok(worker)
    }

    /// Starts a process ahead, if none is idle, and looks after those that are for long.
    fn keep_spare(self: &Arc<Shared>, slot: Slot) {
        let mut pool = self.pool();
        if !std::mem::replace(&mut pool.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
        let idle = pool.idle(slot);
        if idle.workers.is_empty() && !std::mem::replace(&mut idle.starting, true) {
            let shared = Arc::clone(self);
            tokio::spawn(async move {
                let started = shared.start_worker(slot).await;
                let mut pool = shared.pool();
                let idle = pool.idle(slot);
                idle.starting = false;
                // Where it fails, the next invocation tries again and says so.
                idle.workers.extend(started.ok());
            });
        }
    }

    /// Takes back a process that has answered.
    fn give_back(&self, worker: Worker, slot: Slot) {
        let slots = match slot {
            Slot::Proven => self.slots,
            Slot::Trial => trial_slots(self.slots),
        };
        let mut pool = self.pool();
        let workers = &mut pool.idle(slot).workers;
        if workers.len() < slots + SPARE {
            workers.push(worker);
        }
    }

    /// How many invocations of each kind may run beside those that have slots.
    fn most_beside(&self) -> usize {
        BESIDE_PER_SLOT * self.slots + BESIDE_IN_ADDITION
    }

    fn scheduler(&self) -> MutexGuard<'_, Scheduler<Waiter>> {
        // Nothing here panics halfway, so what a poisoned lock guards is whole.
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends processes that were unused for long, until the pool is gone.
async fn sweep(shared: Weak<Shared>) {
    let mut times = interval(SWEEP);
    loop {
        times.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        let is_unused = |worker: &mut Worker| worker.unused_since.elapsed() >= IDLE;
        for slot in [Slot::Proven, Slot::Trial] {
            let unused: Vec<Worker> = shared.pool().idle(slot).workers.extract_if(.., is_unused).collect();
            drop(unused);
        }
    }
}

impl Ticket {
    /// Lets others begin while this invocation goes on, unless too many have done so that have not used a processor for
    /// long: then processors are what they wait for, and more processes would only take them from each other.
    fn give_slot_up(&mut self) {
        if self.standing != Standing::Slot {
            return;
        }
        {
            let mut pool = self.shared.pool();
            if pool.waiting >= self.shared.most_beside() {
                return;
            }
            pool.waiting += 1;
        }
        self.leave_slot(Standing::Waiting);
    }

    /// Lets all others go first from now on. `used` is the processor time that the invocation used, in nanoseconds,
    /// and is kept up to date. What comes back says when it has to end for others.
    fn give_way(&mut self, used: &Arc<AtomicU64>) -> oneshot::Receiver<()> {
        let (end, ended) = oneshot::channel();
        {
            let mut pool = self.shared.pool();
            if self.standing == Standing::Waiting {
                pool.waiting = pool.waiting.saturating_sub(1);
            }
            pool.heavy.retain(|heavy| !heavy.end.is_closed());
            pool.heavy.push(Heavy { used: Arc::clone(used), end });
            if pool.heavy.len() > self.shared.most_beside() {
                let heavy = pool.heavy.iter().enumerate();
                let most = heavy.max_by_key(|(_, heavy)| heavy.used.load(Ordering::Relaxed));
                if let Some((index, _)) = most {
                    pool.heavy.swap_remove(index);
                }
            }
        }
        self.leave_slot(Standing::Heavy);
        ended
    }

    fn leave_slot(&mut self, standing: Standing) {
        if std::mem::replace(&mut self.standing, standing) == Standing::Slot {
            self.shared.scheduler().give_slot_up(self.function, self.slot);
            self.shared.begin_waiting();
        }
    }

    /// Whether no other invocation runs, so that a processor is free to wait on.
    fn is_alone(&self) -> bool {
        self.shared.look && self.shared.running.load(Ordering::Relaxed) == 1
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.running.fetch_sub(1, Ordering::Relaxed);
        if self.standing == Standing::Waiting {
            let mut pool = self.shared.pool();
            pool.waiting = pool.waiting.saturating_sub(1);
        }
        let slot = (self.standing == Standing::Slot).then_some(self.slot);
        let now = self.shared.clock.elapsed();
        let throttled = self.shared.scheduler().end(self.function, slot, self.ending, now);
        for waiter in throttled {
            drop(waiter.send(None));
        }
        self.shared.begin_waiting();
    }
}
