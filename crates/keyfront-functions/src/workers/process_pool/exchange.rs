//! One invocation in a worker process: question and answer until the outcome, and deadlines meanwhile.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use keyfront_domain::pairs::StorePairs;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::sleep;

use super::Ticket;
use super::process::{ProcessWatch, Worker};
use super::scheduler::Ending;
use crate::channel::Closed;
use crate::clock::Stopwatch;
use crate::event::Outgoing;
use crate::isolate::{exceeded, out_of_memory};
use crate::isolates::Stats;
use crate::message::{Call, FromWorker, PinnedStore, ToWorker, is_js1};
use crate::pair_reader::PairReader;
use crate::worker_process::OUT_OF_MEMORY;
use crate::{Failure, Function, Invocation, Outcome, Used};

/// After this time, and again and again, an invocation is looked after. It is many times what healthy code takes. It gives
/// its slot up then, as long as not too many have.
const PATIENCE: Duration = Duration::from_millis(5);

/// Processor time since then, after which the process gets the lowest priority, and may be ended for others. It is not
/// used again. Healthy code that only waits for a processor does not come here.
const GIVES_WAY_AFTER: Duration = Duration::from_millis(10);

/// Processor time since then, after which the process is killed. The engine's own meter ends what reaches an
/// interrupt check before.
const CPU_LIMIT: Duration = Duration::from_millis(500);

/// Time after which the process is killed even if it waits for a processor.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Runs an invocation. Whatever becomes of the process, there is an outcome.
pub(super) async fn run(mut ticket: Ticket, function: &Function, invocation: Invocation) -> Outcome {
    let since = Stopwatch::start();
    let mut worker = match ticket.shared.take_worker(ticket.function, ticket.slot).await {
        Ok(worker) => worker,
        Err(error) => return internal(&format!("no process can be started for the function: {error}")),
    };
    let method = invocation.event.request.method.clone();
    let mut watch = Watch::new(worker.watch());
    // What a new process takes to start is not the function's.
    let started = watched(worker.channel.wait(), &mut watch, &mut ticket, Watch::waits_too_long).await;
    if !matches!(started, Some(Ok(()))) {
        return internal("the process for the function did not start");
    }
    let is_alone = ticket.is_alone();
    let conversation = converse(&mut worker, function, invocation, is_alone);
    let answer = watched(conversation, &mut watch, &mut ticket, Watch::has_to_end).await;
    match answer {
        Some(Ok((mut outcome, kept))) => {
            if let Ok(returned) = &mut outcome.result
                && let Outgoing::Request(request) = &mut returned.outgoing
            {
                // The one member that a function cannot change, whatever a broken engine says.
                request.method = method;
            }
            worker.answered(ticket.function, kept);
            if watch.end.is_none() {
                ticket.ending = Ending::InTime;
                ticket.shared.give_back(worker, ticket.slot);
            }
            outcome
        }
        Some(Err(Closed)) => {
            let is_memory = worker.exit_code().await == Some(i32::from(OUT_OF_MEMORY));
            ticket.ending = if is_memory { Ending::Late } else { Ending::Forced };
            let failure = if is_memory { out_of_memory() } else { broken() };
            ended(failure, since)
        }
        None => {
            ticket.ending = Ending::Forced;
            ended(exceeded(), since)
        }
    }
}

/// Waits for some work of a process and looks after it meanwhile. Nothing if it has to end before.
async fn watched<T>(
    work: impl Future<Output = T>,
    watch: &mut Watch,
    ticket: &mut Ticket,
    has_to_end: fn(&mut Watch, &mut Ticket) -> bool,
) -> Option<T> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            () = watch.wait() => if has_to_end(watch, ticket) { return None },
        }
    }
}

/// Sends the invocation and answers the process's questions until it has the outcome.
async fn converse(
    worker: &mut Worker,
    function: &Function,
    invocation: Invocation,
    is_alone: bool,
) -> Result<(Outcome, Stats), Closed> {
    let (id, pairs) = invocation.store.unzip();
    let image = pairs.as_ref().map(|pairs| worker.images.number_of(pairs));
    let call = Call {
        function: function.fingerprint(),
        event: invocation.event,
        store: id.zip(image).map(|(id, image)| PinnedStore { id, image }),
        now_ms: invocation.now_ms,
        seed: invocation.seed,
    };
    let mut next = ToWorker::Invoke(Box::new(call));
    loop {
        worker.channel.send(&borsh::to_vec(&next).map_err(|_no_memory| Closed)?).await?;
        let message = worker.channel.receive(is_alone).await?;
        let message = borsh::from_slice(message).map_err(|_not_a_message| Closed)?;
        next = match message {
            FromWorker::Done(outcome, kept) => return Ok((*outcome, kept)),
            FromWorker::WantsCode => {
                ToWorker::Code { code: function.code().to_vec(), is_js1: is_js1(function.runtime()) }
            }
            FromWorker::WantsValue(key) => {
                ToWorker::Value(pinned(pairs.as_ref())?.get(&key).map(|value| value.to_string()))
            }
            FromWorker::WantsContains(key) => ToWorker::Contains(pinned(pairs.as_ref())?.contains(&key)),
            FromWorker::WantsMeta => ToWorker::Meta(pinned(pairs.as_ref())?.meta()),
        };
    }
}

/// The image that every read of the invocation is answered from.
fn pinned(pairs: Option<&Arc<StorePairs>>) -> Result<&dyn PairReader, Closed> {
    pairs.map(|pairs| -> &dyn PairReader { pairs }).ok_or(Closed)
}

/// What looks after an invocation that takes long.
struct Watch {
    process: ProcessWatch,
    since: Stopwatch,
    /// The processor time that the process had used when it was first looked after.
    cpu_before: Option<Duration>,
    /// The processor time since then, in nanoseconds.
    used: Arc<AtomicU64>,
    /// Ends the invocation for others, once it has given way to them.
    end: Option<oneshot::Receiver<()>>,
}

impl Watch {
    fn new(process: ProcessWatch) -> Watch {
        Watch { process, since: Stopwatch::start(), cpu_before: None, used: Arc::default(), end: None }
    }

    async fn wait(&mut self) {
        match &mut self.end {
            None => sleep(PATIENCE).await,
            Some(end) => tokio::select! {
                _ = end => {}
                () = sleep(PATIENCE) => {}
            },
        }
    }

    /// Lets others begin, and says whether a process has to be given up, whatever it does.
    fn waits_too_long(&mut self, ticket: &mut Ticket) -> bool {
        ticket.give_slot_up();
        self.since.elapsed() >= TIME_LIMIT
    }

    /// Looks after the invocation, and says whether it has to be ended.
    fn has_to_end(&mut self, ticket: &mut Ticket) -> bool {
        let is_ended = |end: &mut oneshot::Receiver<()>| end.try_recv() != Err(TryRecvError::Empty);
        if self.waits_too_long(ticket) || self.end.as_mut().is_some_and(is_ended) {
            return true;
        }
        let used = self.cpu_time();
        self.used.store(u64::try_from(used.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if self.end.is_none() && used >= GIVES_WAY_AFTER {
            self.end = Some(ticket.give_way(&self.used));
            self.process.give_way();
        }
        used >= CPU_LIMIT
    }

    /// The processor time that was used since the first look.
    fn cpu_time(&mut self) -> Duration {
        match (self.cpu_before, self.process.cpu_time()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            (None, Some(now)) => {
                self.cpu_before = Some(now);
                Duration::ZERO
            }
            // Where the system does not tell, the time that passed has to do.
            (_, None) => self.since.elapsed(),
        }
    }
}

fn internal(reason: &str) -> Outcome {
    Outcome::failed(Failure::Execution(format!("InternalError: {reason}")))
}

/// The engine broke, and took its process with it.
fn broken() -> Failure {
    Failure::Execution("InternalError: the engine failed".to_owned())
}

/// The outcome of an invocation whose process is gone. It used all that it could.
fn ended(failure: Failure, since: Stopwatch) -> Outcome {
    let time_ns = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let used = Used { steps: 0, share: 100, time_ns, store_reads: 0 };
    Outcome { result: Err(failure), stack: Vec::new(), logs: Vec::new(), used }
}
