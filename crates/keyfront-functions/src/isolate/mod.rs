//! Isolates: an engine with one function loaded, on one thread.
//!
//! The top-level code of a function runs anew for each invocation. An engine serves one invocation after the other
//! where the program cannot change what they would share, and is thrown away with everything in it where it can, or
//! where an invocation ended in a way that leaves doubts.

mod engine;
mod prelude;
mod rejections;
mod run;

use self::engine::Engine;
pub(crate) use self::run::exceeded;
use crate::{Function, Invocation, Limits, Outcome, Used};

/// An engine that has a function loaded. It stays on the thread that made it.
pub struct Isolate {
    function: Function,
    limits: Limits,
    engine: Option<Engine>,
}

impl Isolate {
    /// Loads a function.
    pub fn load(function: &Function, limits: Limits) -> Isolate {
        let mut isolate = Isolate { function: function.clone(), limits, engine: None };
        isolate.refresh();
        isolate
    }

    /// The bytes that the engine took when the function was loaded; 0 where there is no engine.
    pub fn size_bytes(&self) -> usize {
        self.engine.as_ref().map_or(0, Engine::size_bytes)
    }

    /// Runs the function once. Nothing of one invocation is seen by another.
    pub fn invoke(&mut self, invocation: &Invocation) -> Outcome {
        let program = match self.function.program() {
            Ok(program) => program,
            Err(failure) => return Outcome::failed(failure.clone()),
        };
        let engine = self.engine.take().map_or_else(|| Engine::build(program, self.limits.memory_bytes), Ok);
        let mut engine = match engine {
            Ok(engine) => engine,
            Err(failure) => return Outcome::failed(failure),
        };

        let ran = run::run(&mut engine, invocation, self.limits);
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

    /// Builds an engine for the next invocation, unless one is ready. Callers do it ahead, when they have time.
    pub fn refresh(&mut self) {
        if let (None, Ok(program)) = (&self.engine, self.function.program()) {
            // Where it fails, the next invocation tries again and says so.
            self.engine = Engine::build(program, self.limits.memory_bytes).ok();
        }
    }
}
