//! The engines of one thread: which of them gets a program.
//!
//! An engine takes some 200 KB, a program a few. Programs that cannot change what invocations share may share an engine as
//! well: one of them finds nothing in it that another left, as one invocation does not. What ends an engine takes it
//! from all of them, so an [`Isolate`](super::Isolate) asks for a shared one only when its program has run well.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use keyfront_domain::function::Runtime;

use super::WhenFull;
use super::engine::{Engine, Loaded};
use crate::function::Program;
use crate::{Failure, Limits};

/// The most programs that are ever loaded into one engine. The engine keeps what it loaded for as long as it lives, so
/// this bounds what programs that are not used any more hold, how much a collection looks through, and how many are
/// loaded again when the engine is lost.
const PROGRAMS: usize = 32;

/// The most bytes of programs that are loaded into one engine before the next gets a new one: about an engine's own.
const PROGRAM_BYTES: usize = 256 * 1024;

/// Builds the engines of one thread and knows what they take.
pub(crate) struct Engines {
    pub(super) limits: Limits,
    when_full: WhenFull,
    /// The engines that take further programs.
    open: RefCell<Vec<(Runtime, Weak<Engine>)>>,
    bytes: Rc<Cell<usize>>,
}

impl Engines {
    pub(crate) fn new(limits: Limits, when_full: WhenFull) -> Engines {
        Engines { limits, when_full, open: RefCell::default(), bytes: Rc::default() }
    }

    /// The bytes that the engines took which are in use, with the programs that are loaded into them.
    pub(crate) fn size_bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Loads a program into an engine of its own.
    pub(super) fn load_alone(&self, program: &Program) -> Result<Loaded, Failure> {
        let engine =
            Engine::build(program, self.limits.memory_bytes, self.when_full, Rc::clone(&self.bytes))?;
        Engine::load(Rc::new(engine), program)
    }

    /// Loads a program into an engine that it shares with others of its runtime. It must not change built-in objects.
    pub(super) fn load_shared(&self, program: &Program) -> Result<Loaded, Failure> {
        let mut open = self.open.borrow_mut();
        let position = open.iter().position(|(runtime, _)| *runtime == program.runtime);
        let engine = position.and_then(|position| open.get(position)?.1.upgrade());
        if let Some(engine) = engine
            && engine.is_intact()
            && engine.programs() < PROGRAMS
            && engine.program_bytes() < PROGRAM_BYTES
        {
            return Engine::load(engine, program);
        }
        let loaded = self.load_alone(program)?;
        if let Some(position) = position {
            open.swap_remove(position);
        }
        open.push((program.runtime, Rc::downgrade(loaded.engine())));
        Ok(loaded)
    }
}
