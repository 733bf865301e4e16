//! One invocation in a worker process: question and answer until the outcome, and deadlines meanwhile.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use keyfront_domain::pairs::StorePairs;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::Ticket;
use super::process::ProcessWatch;
use super::scheduler::Ending;
use crate::channel::{Closed, ParentEnd};
use crate::clock::Stopwatch;
use crate::event::Outgoing;
use crate::isolate::{exceeded, out_of_memory};
use crate::isolates::Stats;
use crate::message::{Call, FromWorker, ToWorker, is_js1};
use crate::pair_reader::PairReader;
use crate::worker_process::OUT_OF_MEMORY;
use crate::{Failure, Function, Invocation, Outcome, Used};

/// After this time, and again and again, an invocation is looked after. It is many times what healthy code takes. At the
/// first time it gives its slot up.
const PATIENCE: Duration = Duration::from_millis(10);

/// Processor time since then, after which the process gets the lowest priority. It is not used again.
const GIVES_WAY_AFTER: Duration = Duration::from_millis(10);

/// Processor time since then, after which the process is killed. The engine's own meter ends what reaches an
/// interrupt check before.
const CPU_LIMIT: Duration = Duration::from_millis(500);

/// Time after which the process is killed even if it waits for a processor.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Runs an invocation. Whatever becomes of the process, there is an outcome.
pub(super) async fn run(mut ticket: Ticket, function: &Function, invocation: Invocation) -> Outcome {
    let since = Stopwatch::start();
    let mut worker = match ticket.shared.take_worker(ticket.function).await {
        Ok(worker) => worker,
        Err(error) => return internal(&format!("no process can be started for the function: {error}")),
    };
    let method = invocation.event.request.method.clone();
    let mut watch = Watch::new(worker.watch());
    let is_alone = ticket.is_alone();
    let answer = {
        let mut conversation = pin!(converse(&mut worker.channel, function, invocation, is_alone));
        loop {
            tokio::select! {
                biased;
                answer = &mut conversation => break Some(answer),
                () = watch.wait() => if watch.has_to_end(&mut ticket) { break None },
            }
        }
    };
    match answer {
        Some(Ok((mut outcome, kept))) => {
            if let Ok(returned) = &mut outcome.result
                && let Outgoing::Request(request) = &mut returned.outgoing
            {
                // The one member that a function cannot change, whatever a broken engine says.
                request.method = method;
            }
            worker.answered(ticket.function, kept);
            if !watch.gave_way {
                ticket.ending = Ending::InTime;
                ticket.shared.give_back(worker);
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

/// Sends the invocation and answers the process's questions until it has the outcome.
async fn converse(
    channel: &mut ParentEnd,
    function: &Function,
    invocation: Invocation,
    is_alone: bool,
) -> Result<(Outcome, Stats), Closed> {
    let (id, pairs) = invocation.store.unzip();
    let call = Call {
        function: function.fingerprint(),
        event: invocation.event,
        store: id,
        now_ms: invocation.now_ms,
        seed: invocation.seed,
    };
    let mut next = ToWorker::Invoke(Box::new(call));
    loop {
        channel.send(&borsh::to_vec(&next).map_err(|_no_memory| Closed)?).await?;
        if is_alone {
            channel.look();
        }
        let message = borsh::from_slice(channel.receive().await?).map_err(|_not_a_message| Closed)?;
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
    gave_way: bool,
    /// Ends the invocation for others. Nothing while it has its slot.
    end: Option<oneshot::Receiver<()>>,
}

impl Watch {
    fn new(process: ProcessWatch) -> Watch {
        Watch { process, since: Stopwatch::start(), cpu_before: None, gave_way: false, end: None }
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

    /// Looks after the invocation, and says whether it has to be ended.
    fn has_to_end(&mut self, ticket: &mut Ticket) -> bool {
        let Some(end) = &mut self.end else {
            ticket.give_slot_up();
            self.cpu_before = self.process.cpu_time();
            self.end = Some(ticket.shared.remember_slow());
            return false;
        };
        if end.try_recv() == Err(oneshot::error::TryRecvError::Closed) || self.since.elapsed() >= TIME_LIMIT {
            return true;
        }
        // Where the system does not tell, the time that passed has to do.
        let used = match (self.cpu_before, self.process.cpu_time()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.since.elapsed(),
        };
        if !self.gave_way && used >= GIVES_WAY_AFTER {
            self.gave_way = true;
            self.process.give_way();
        }
        used >= CPU_LIMIT
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
