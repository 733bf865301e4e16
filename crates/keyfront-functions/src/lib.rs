//! The sandbox that runs CloudFront Functions: events, engine, library and limits.
//!
//! The crate knows neither HTTP nor the store or the network. A function gets an event and, where one is associated with
//! it, the pairs of a key value store at one moment; it gives a request, a response or a failure, each of them a value.
//! An edge or TestFunction decides what to do with it.
//!
//! # Map, in reading order
//!
//! Each module uses only those before it and `keyfront-njs`, which knows njs's language without an engine.
//!
//! | module | part |
//! |---|---|
//! | `failure` | failures as values: status, `X-Cache` word, error page, TestFunction's message |
//! | [`event`] | the border to HTTP: types of an event, their forms in HTTP, JSON and JavaScript, CloudFront's rules for what a function returns |
//! | `limits`, `clock` | what an invocation may use; a stopwatch |
//! | `invocation` | what goes into one invocation and what comes out |
//! | `pair_reader` | how a running invocation reads the pairs of its store |
//! | `bytecode` | compiles JavaScript to bytecode that any engine of this process can load |
//! | `function` | a function: its code, and what was made of it, once: checked by `keyfront-njs`, compiled, shared between threads |
//! | `tick_counter`, `meter` | the engine's counter of ticks; the budget of a running invocation |
//! | `invocation_state` | the running invocation as the library sees it: store, logs, time, seed |
//! | `library` | what a program finds: `language` (njs's dates, printing, JSON, error texts; missing builtins removed), `modules` (`crypto`, `querystring`, `buffer`), `cloudfront` (`cf.kvs`, origins) |
//! | `isolate` | a function in a QuickJS engine, its own or one that it shares; `prelude` guards and freezes, `run` is one invocation |
//! | `isolates` | isolates that are kept for the next invocations, up to a number of bytes |
//! | `channel`, `message` | how the server and a worker process talk: shared memory with a doorbell; what they say |
//! | `worker_process` | what a worker process does, and how it gives up everything else |
//! | `workers` | pools of processes and of threads for callers elsewhere; fairness, deadlines, replacement, throttling |
//! | [`case`] | test cases of functions, for `keyfront fn test` and for the corpus |
//!
//! # One invocation
//!
//! 1. [`Invoker::invoke`] gives the function to a process or a thread that has an isolate of it, or to any other that has
//!    time. The following happens there.
//! 2. [`Function::prepare`] calls `keyfront_njs::prepare`. Code that njs refuses becomes a function whose every invocation
//!    fails with njs's message, as on CloudFront. Other code is wrapped in a function of `require`, compiled in an engine
//!    of its own, and marked if it may mutate builtins.
//! 3. `isolate::engine` builds an engine if none is ready: limits on memory and stack, the interrupt handler of `meter`,
//!    the library, then the prelude. If the program does not mutate builtins, everything that invocations share is
//!    frozen, and the engine serves many invocations; else it serves one. A function that has run well moves to an engine
//!    that it shares with others of its runtime.
//! 4. `isolate::run` stores a fresh `InvocationState` in the context and starts the meter. `Event::to_js` builds the
//!    event. The program's top-level code runs, then `handler`, then the jobs of its promises until none is left.
//! 5. An unhandled rejection, an exception, a promise that cannot settle, or a used-up budget is a [`Failure`] with njs's
//!    text. Otherwise `Returned::from_js` reads the result within a budget of bytes, and adds the origin decision.
//! 6. The [`Outcome`] has the result, the logs, and what was used. TestFunction stops here. An edge goes on with
//!    [`event::validate`](fn@event::validate), which gives an [`event::EdgeAction`]: it names changes only, so that
//!    everything else is forwarded byte for byte.
//!
//! # Isolation and security
//!
//! What is protected:
//!
//! - *Invocations from each other.* Top-level code runs anew each time; everything that an engine keeps between two
//!   invocations is frozen, or the engine is dropped. The mutation analysis only chooses between the two: a write that
//!   it misses meets a frozen object. That holds for invocations of several functions in one engine too; one that ends an
//!   engine, by using up its budget or its memory, never shares one again.
//! - *The server from code that uses too much.* Memory and stack are bounded by the engine; steps and time by the meter,
//!   at each interrupt check. The prelude charges natives that run long without a check by the size of their work.
//!   Code cannot catch the end of its budget. A process that does not return is killed and replaced, and its function is
//!   throttled for a while.
//! - *The server from faults of the engine*, in a [`ProcessPool`]. QuickJS is C; what it breaks, or what code makes it do, is
//!   a process without files, network, environment and new processes, which serves one invocation at a time. Code that
//!   broke out could see functions that this process has loaded, pairs that earlier invocations read, and events and pairs of
//!   later ones; the server ends a process that breaks the rules of the channel.
//! - *The process from code that makes code.* The context has no `eval` and no `Function` constructor; bytecode comes only from
//!   this process's own compiler.
//! - *Values from logs.* Pairs and headers are not printed by `Debug` where they may be secret, and failures that a
//!   viewer sees do not contain what the code threw.
//!
//! What is not protected:
//!
//! - *The server from faults of the engine*, in a [`ThreadPool`]: it is for trusted code. There, operators on very long
//!   strings run to their end before the next check, and a thread may be lost to them until then.
//! - *Timing.* Code sees one fixed time, but its caller can measure how long it ran.

mod bytecode;
pub mod case;
mod channel;
mod clock;
pub mod event;
mod failure;
mod function;
mod invocation;
mod invocation_state;
mod isolate;
mod isolates;
mod library;
mod limits;
mod message;
mod meter;
mod pair_reader;
mod tick_counter;
mod worker_process;
mod workers;

pub use failure::Failure;
pub use function::Function;
pub use invocation::{Invocation, Outcome, Used};
pub use isolate::Isolate;
pub use isolates::Stats;
pub use limits::Limits;
pub use worker_process::run as run_worker_process;
pub use workers::{Invoker, Overloaded, PoolSettings, ProcessPool, ThreadPool, WorkerCommand};
