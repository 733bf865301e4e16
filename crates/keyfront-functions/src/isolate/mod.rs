//! Isolates: an engine with one function loaded, on one thread.
//!
//! The top-level code of a function runs anew for each invocation. An engine serves one invocation after the other
//! where the program cannot change what they would share, and is thrown away with everything in it where it can, or
//! where an invocation ended in a way that leaves doubts.

mod engine;
mod memory;
mod prelude;
mod rejections;
mod run;

use std::rc::Rc;
use std::sync::Arc;

use self::engine::Engine;
pub(crate) use self::memory::WhenFull;
pub(crate) use self::run::{exceeded, out_of_memory};
use crate::function::Program;
use crate::pair_reader::AssociatedStore;
use crate::{Failure, Function, Invocation, Limits, Outcome, Used};

/// An engine that has a function loaded. It stays on the thread that made it.
pub struct Isolate {
    function: Function,
    limits: Limits,
    when_full: WhenFull,
    engine: Option<Engine>,
}

impl Isolate {
    /// Loads a function.
    pub fn load(function: &Function, limits: Limits) -> Isolate {
        Isolate::load_in(function, limits, WhenFull::Refuse)
    }

    /// Loads a function in a process that knows what to do when it has no memory.
    pub(crate) fn load_in(function: &Function, limits: Limits, when_full: WhenFull) -> Isolate {
        let mut isolate = Isolate { function: function.clone(), limits, when_full, engine: None };
        isolate.refresh();
        isolate
    }

    /// The bytes that the function and the engine took when they were loaded.
    pub fn size_bytes(&self) -> usize {
        let engine = self.engine.as_ref().map_or(0, Engine::size_bytes);
        self.function.size_bytes().saturating_add(engine)
    }

    /// Runs the function once. Nothing of one invocation is seen by another.
    pub fn invoke(&mut self, invocation: &Invocation) -> Outcome {
        let store = invocation
            .store
            .as_ref()
            .map(|(id, pairs)| AssociatedStore { id: id.clone(), pairs: Rc::new(Arc::clone(pairs)) });
        self.invoke_with(invocation, store)
    }

    /// Runs the function once, with a store that is read in another way than the invocation's own.
    pub(crate) fn invoke_with(&mut self, invocation: &Invocation, store: Option<AssociatedStore>) -> Outcome {
        let program = match self.function.program() {
            Ok(program) => program,
            Err(failure) => return Outcome::failed(failure.clone()),
        };
        let engine = self.engine.take().map_or_else(|| self.build(program), Ok);
        let mut engine = match engine {
            Ok(engine) => engine,
            Err(failure) => return Outcome::failed(failure),
        };

        let ran = run::run(&mut engine, invocation, store, self.limits);
        if ran.reusable && !program.mutates_builtins {
            self.engine = Some(engine);
        }
        Outcome {
            result: ran.result,
            stack: ran.stack,
            logs: ran.logs,
            used: Used {
                steps: ran.steps,
                share: Used::share_of(ran.steps, self.limits.steps),
                time_ns: u64::try_from(ran.elapsed.as_nanos()).unwrap_or(u64::MAX),
                store_reads: ran.store_reads,
            },
        }
    }

    fn build(&self, program: &Program) -> Result<Engine, Failure> {
        Engine::build(program, self.limits.memory_bytes, self.when_full)
    }

    /// Builds an engine for the next invocation, unless one is ready. Callers do it ahead, when they have time.
    pub fn refresh(&mut self) {
        if let (None, Ok(program)) = (&self.engine, self.function.program()) {
            // Where it fails, the next invocation tries again and says so.
            self.engine = self.build(program).ok();
        }
    }
}
