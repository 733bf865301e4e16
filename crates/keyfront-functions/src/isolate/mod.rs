//! Isolates: an engine with one function loaded, on one thread.
//!
//! The top-level code of a function runs anew for each invocation. An engine serves one invocation after the other, of
//! several functions, where programs cannot change what they would share, and is thrown away with everything in it where
//! they can, or where an invocation ended in a way that leaves doubts.

mod engine;
mod engines;
mod memory;
mod prelude;
mod rejections;
mod run;

use std::rc::Rc;
use std::sync::Arc;

use self::engine::Loaded;
pub(crate) use self::engines::Engines;
pub(crate) use self::memory::WhenFull;
pub(crate) use self::run::{exceeded, out_of_memory};
use crate::function::Program;
use crate::pair_reader::AssociatedStore;
use crate::{Failure, Function, Invocation, Limits, Outcome, Used};

/// A function in an engine. It stays on the thread that made it.
pub struct Isolate {
    function: Function,
    engines: Rc<Engines>,
    loaded: Option<Loaded>,
    /// Whether it is, or was, loaded into an engine that others have as well.
    is_shared: bool,
    sharing: Sharing,
}

/// Whether the function has its engine with others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    /// It is not known yet how the function behaves.
    NotYet,
    /// It has run well, and cannot change what it would share.
    Allowed,
    /// It ended an engine.
    Never,
}

impl Isolate {
    /// Loads a function.
    pub fn load(function: &Function, limits: Limits) -> Isolate {
        Isolate::load_in(function, Rc::new(Engines::new(limits, WhenFull::Refuse)))
    }

    /// Loads a function into one of the engines of this thread.
    pub(crate) fn load_in(function: &Function, engines: Rc<Engines>) -> Isolate {
        let (function, sharing) = (function.clone(), Sharing::NotYet);
        let mut isolate = Isolate { function, engines, loaded: None, is_shared: false, sharing };
        isolate.refresh();
        isolate
    }

    /// The bytes that the function takes, without its engine.
    pub(crate) fn function_bytes(&self) -> usize {
        self.function.size_bytes()
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
        let function = self.function.clone();
        let program = match function.program() {
            Ok(program) => program,
            Err(failure) => return Outcome::failed(failure.clone()),
        };
        let loaded = self.loaded.take().filter(|loaded| loaded.engine().is_intact());
        let loaded = match loaded.map_or_else(|| self.load_program(program), Ok) {
            Ok(loaded) => loaded,
            Err(failure) => return Outcome::failed(failure),
        };

        let limits = self.engines.limits;
        let ran = run::run(&loaded, invocation, store, limits);
        if !ran.reusable {
            loaded.engine().give_up();
            self.sharing = Sharing::Never;
        } else if !program.mutates_builtins {
            self.loaded = Some(loaded);
            if self.sharing == Sharing::NotYet {
                self.sharing = Sharing::Allowed;
            }
        }
        Outcome {
            result: ran.result,
            stack: ran.stack,
            logs: ran.logs,
            used: Used {
                steps: ran.steps,
                share: Used::share_of(ran.steps, limits.steps),
                time_ns: u64::try_from(ran.elapsed.as_nanos()).unwrap_or(u64::MAX),
                store_reads: ran.store_reads,
            },
        }
    }

    fn load_program(&mut self, program: &Program) -> Result<Loaded, Failure> {
        self.is_shared = self.sharing == Sharing::Allowed;
        if self.is_shared { self.engines.load_shared(program) } else { self.engines.load_alone(program) }
    }

    /// Gets the program ready for the next invocation, unless it is. Callers do it ahead, when they have time. A program
    /// that has run well in an engine of its own moves to one that it shares.
    pub(crate) fn refresh(&mut self) {
        let function = self.function.clone();
        let Ok(program) = function.program() else { return };
        let moves = self.sharing == Sharing::Allowed && !self.is_shared;
        let is_ready = self.loaded.as_ref().is_some_and(|loaded| loaded.engine().is_intact());
        if moves || !is_ready {
            self.loaded = None;
            // Where it fails, the next invocation tries again and says so.
            self.loaded = self.load_program(program).ok();
        }
    }
}
