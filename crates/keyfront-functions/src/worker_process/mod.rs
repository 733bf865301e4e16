//! A worker process: runs functions for the server that started it, and can do nothing else.
//!
//! The server starts it with a file of shared memory as standard output and a socket as standard input, which are
//! the ends of a [`channel`](crate::channel). It gives everything up that code could use if it broke out of the engine:
//! see `confinement`. What it read from stores it knows for the next invocations (`known_pairs`). It ends when the server
//! closes the socket.

mod confinement;
mod known_pairs;
mod remote_pairs;

use std::cell::RefCell;
use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

use keyfront_domain::function::Runtime;

use self::confinement::CpuLimit;
use self::known_pairs::KnownPairs;
use self::remote_pairs::RemotePairs;
use crate::channel::{Awaited, Closed, WorkerEnd};
use crate::event::{Context, Event, EventType, Fields, Request};
use crate::isolate::WhenFull;
use crate::isolates::Isolates;
use crate::message::{Call, FromWorker, Start, ToWorker, runtime};
use crate::pair_reader::AssociatedStore;
use crate::{Function, Invocation, Isolate, Limits, Outcome};

/// The exit code of a process whose engine had no memory left.
pub(crate) const OUT_OF_MEMORY: u8 = 66;

/// The channel as everything in the process shares it.
type SharedChannel = Rc<RefCell<WorkerEnd>>;

/// Serves the process that started this one until that ends it. The command line calls it before it does anything else.
pub fn run() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_reported_to_none) => ExitCode::FAILURE,
    }
}

#[expect(clippy::disallowed_methods, reason = "standard output is the channel to the server")]
fn serve() -> io::Result<()> {
    let mut channel = WorkerEnd::new(io::stdout())?;
    warm_up();
    let mut cpu = confinement::confine()?;
    let Ok(ToWorker::Start(start)) = receive(&mut channel, Awaited::Invocation) else { return Ok(()) };
    channel.look(start.look);
    channel.acknowledge().map_err(io::Error::other)?;
    let channel = Rc::new(RefCell::new(channel));
    // The other side has gone: nothing is left to do.
    drop(invocations(&channel, &start, &mut cpu));
    Ok(())
}

fn invocations(channel: &SharedChannel, start: &Start, cpu: &mut CpuLimit) -> Result<(), Closed> {
    let most = usize::try_from(start.isolate_bytes).unwrap_or(usize::MAX);
    let when_full = WhenFull::EndProcess(OUT_OF_MEMORY);
    let mut isolates = Isolates::new(start.limits(), when_full, most, Arc::default());
    let known = Rc::default();
    loop {
        let message = receive(&mut channel.borrow_mut(), Awaited::Invocation)?;
        let ToWorker::Invoke(call) = message else { return Err(Closed) };
        cpu.renew();
        let fingerprint = call.function;
        let mut isolate = match isolates.take(fingerprint) {
            Some(isolate) => isolate,
            None => load(channel, &isolates)?,
        };
        let outcome = invoke(channel, &known, &mut isolate, *call);
        let kept = isolates.stats();
        send(&mut channel.borrow_mut(), &FromWorker::Done(Box::new(outcome), kept))?;
        // The caller has its answer already.
        isolate.refresh();
        isolates.keep(fingerprint, isolate);
    }
}

/// Loads the function that the server wants to have invoked.
fn load(channel: &SharedChannel, isolates: &Isolates) -> Result<Isolate, Closed> {
    match ask(&mut channel.borrow_mut(), &FromWorker::WantsCode)? {
        ToWorker::Code { code, is_js1 } => Ok(isolates.load(&Function::new(&code, runtime(is_js1)))),
        ToWorker::Start(_)
        | ToWorker::Invoke(_)
        | ToWorker::Value(_)
        | ToWorker::Contains(_)
        | ToWorker::Meta(_) => Err(Closed),
    }
}

fn invoke(
    channel: &SharedChannel,
    known: &Rc<RefCell<KnownPairs>>,
    isolate: &mut Isolate,
    call: Call,
) -> Outcome {
    let Call { function: _, event, store, now_ms, seed } = call;
    let store = store.map(|store| {
        let id = store.id.clone();
        let pairs = RemotePairs { channel: Rc::clone(channel), known: Rc::clone(known), store };
        AssociatedStore { id, pairs: Rc::new(pairs) }
    });
    isolate.invoke_with(&Invocation { event, store: None, now_ms, seed }, store)
}

/// Sends a question and waits for its answer.
fn ask(channel: &mut WorkerEnd, question: &FromWorker) -> Result<ToWorker, Closed> {
    send(channel, question)?;
    receive(channel, Awaited::Answer)
}

fn receive(channel: &mut WorkerEnd, awaited: Awaited) -> Result<ToWorker, Closed> {
    borsh::from_slice(channel.receive(awaited)?).map_err(|_not_a_message| Closed)
}

fn send(channel: &mut WorkerEnd, message: &FromWorker) -> Result<(), Closed> {
    let message = borsh::to_vec(message).map_err(|_no_memory| Closed)?;
    channel.send(&message)
}

/// Does everything once that takes longer the first time, so that the first invocation finds it done.
fn warm_up() {
    let function = Function::new(b"function handler(event) { return event.request }", Runtime::Js2);
    let request = Request {
        method: "GET".to_owned(),
        uri: "/".to_owned(),
        querystring: Fields::new(),
        raw_querystring: None,
        headers: Fields::new(),
        cookies: Fields::new(),
    };
    let event = Event {
        context: Context::of(EventType::ViewerRequest),
        viewer_ip: String::new(),
        request,
        response: None,
    };
    let invocation = Invocation { event, store: None, now_ms: 0, seed: 0 };
    drop(Isolate::load(&function, Limits::default()).invoke(&invocation));
}
