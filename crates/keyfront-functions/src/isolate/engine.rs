//! Builds a QuickJS engine, loads programs into it, and enters it with one of them.
//!
//! The context has no `eval` and no other way to make code from text, and none of the objects that njs does not have. What
//! the code of an invocation can fill is bounded on top of what the engine takes for itself.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use rquickjs::context::intrinsic::{Date, Json, Promise as Promises, RegExp, RegExpCompiler, TypedArrays};
use rquickjs::{CatchResultExt, Context, Ctx, Error, Exception, Function as Callable, Persistent, Runtime};

use super::memory::{Memory, WhenFull};
use super::prelude;
use super::rejections::Rejections;
use crate::Failure;
use crate::function::Program;
use crate::library::{self, ProgramSource};
use crate::meter::Meter;
use crate::tick_counter::TickCounter;

/// Stack of the engine, in bytes. Deeper recursion is an error that code may catch.
const STACK_BYTES: usize = 256 * 1024;

/// Garbage that may lie about before it is collected, in bytes; what the code may fill comes on top.
const GARBAGE_BYTES: usize = 128 * 1024;

/// An engine, and how many programs are loaded into it.
pub(super) struct Engine {
    // Values of the engine come first: they must be gone before it is.
    require: Persistent<Callable<'static>>,
    pub(super) rejections: Rejections,
    pub(super) meter: Meter,
    memory: Memory,
    memory_bytes: usize,
    /// Without any program.
    own_bytes: usize,
    loaded_bytes: Cell<usize>,
    programs: Cell<usize>,
    is_intact: Cell<bool>,
    /// What all engines of the thread took.
    total_bytes: Rc<Cell<usize>>,
    context: Context,
}

/// A program that is loaded into an engine.
pub(super) struct Loaded {
    // The value comes first: it must be gone before its engine is.
    program: Persistent<Callable<'static>>,
    source: ProgramSource,
    engine: Rc<Engine>,
}

impl Engine {
    /// Builds an engine for programs of the same runtime as this one, which either all change built-in objects or all do
    /// not. `total_bytes` grows by what it takes until it is dropped. It fails without enough memory.
    pub(super) fn build(
        program: &Program,
        memory_bytes: usize,
        when_full: WhenFull,
        total_bytes: Rc<Cell<usize>>,
    ) -> Result<Engine, Failure> {
        Engine::build_in(program, memory_bytes, when_full, total_bytes).map_err(|reason| failed(&reason))
    }

    fn build_in(
        program: &Program,
        memory_bytes: usize,
        when_full: WhenFull,
        total_bytes: Rc<Cell<usize>>,
    ) -> Result<Engine, String> {
        let meter = Meter::default();
        let memory = Memory::new(meter.clone(), when_full);
        let runtime = Runtime::new_with_alloc(memory.clone()).map_err(|error| error.to_string())?;
        runtime.set_max_stack_size(STACK_BYTES);
        let asked = meter.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || asked.interrupt())));
        let rejections = Rejections::of(&runtime);
        let context = Context::builder()
            .with::<(Date, RegExpCompiler, RegExp, Json, TypedArrays, Promises)>()
            .build(&runtime)
            .map_err(|error| error.to_string())?;
        let require = context
            .with(|ctx| prepare(&ctx, program, &meter).catch(&ctx).map_err(|error| error.to_string()))?;
        runtime.run_gc();
        let own_bytes = memory.used();
        total_bytes.set(total_bytes.get().saturating_add(own_bytes));
        let (loaded_bytes, programs, is_intact) = (Cell::new(own_bytes), Cell::new(0), Cell::new(true));
        Ok(Engine {
            require,
            rejections,
            meter,
            memory,
            memory_bytes,
            own_bytes,
            loaded_bytes,
            programs,
            is_intact,
            total_bytes,
            context,
        })
    }

    /// Loads a program. Nothing of it runs. It fails without enough memory, and the engine is lost with it.
    pub(super) fn load(engine: Rc<Engine>, program: &Program) -> Result<Loaded, Failure> {
        let runtime = engine.context.runtime();
        engine.memory.limit(usize::MAX, usize::MAX);
        // What earlier invocations left is not the program's.
        runtime.run_gc();
        let before = engine.memory.used();
        let loaded = engine.context.with(|ctx| {
            let function = program.bytecode.load(&ctx).catch(&ctx).map_err(|error| error.to_string())?;
            Ok(Persistent::save(&ctx, function))
        });
        let loaded = loaded.inspect_err(|_| engine.give_up()).map_err(|reason: String| failed(&reason))?;
        runtime.run_gc();
        let bytes = engine.memory.used().saturating_sub(before);
        engine.programs.set(engine.programs.get().saturating_add(1));
        engine.loaded_bytes.set(engine.loaded_bytes.get().saturating_add(bytes));
        engine.total_bytes.set(engine.total_bytes.get().saturating_add(bytes));
        engine.memory.limit(engine.collect_at().saturating_add(engine.memory_bytes), engine.memory_bytes);
        Ok(Loaded { program: loaded, source: ProgramSource::of(Arc::clone(&program.text)), engine })
    }

    /// The bytes at which garbage is collected.
    fn collect_at(&self) -> usize {
        self.loaded_bytes.get().saturating_add(GARBAGE_BYTES)
    }

    /// How many programs were loaded.
    pub(super) fn programs(&self) -> usize {
        self.programs.get()
    }

    /// The bytes that the programs took when they were loaded.
    pub(super) fn program_bytes(&self) -> usize {
        self.loaded_bytes.get().saturating_sub(self.own_bytes)
    }

    /// Whether no invocation ended in a way that leaves doubts.
    pub(super) fn is_intact(&self) -> bool {
        self.is_intact.get()
    }

    /// No program may run in it any more.
    pub(super) fn give_up(&self) {
        self.is_intact.set(false);
    }

    /// Whether jobs are pending, which the next invocation would run.
    pub(super) fn has_jobs(&self) -> bool {
        self.context.runtime().is_job_pending()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.total_bytes.set(self.total_bytes.get().saturating_sub(self.loaded_bytes.get()));
    }
}

impl Loaded {
    pub(super) fn engine(&self) -> &Rc<Engine> {
        &self.engine
    }

    /// Enters the engine.
    pub(super) fn enter<R>(&self, run: impl FnOnce(&Ctx<'_>) -> R) -> R {
        // The engine moves its threshold after each collection; an invocation must not find it where another left it.
        self.engine.context.runtime().set_gc_threshold(self.engine.collect_at());
        self.engine.context.with(|ctx| {
            // Errors are looked up in the program that runs. Nothing borrows what the one before left.
            drop(ctx.store_userdata(self.source.clone()));
            run(&ctx)
        })
    }

    /// The program as a function of `require` that gives the handler.
    pub(super) fn program<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Callable<'js>> {
        self.program.clone().restore(ctx)
    }

    /// What the program gets as `require`.
    pub(super) fn require<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Callable<'js>> {
        self.engine.require.clone().restore(ctx)
    }
}

fn failed(reason: &str) -> Failure {
    Failure::Execution(format!("InternalError: the sandbox could not be built: {reason}"))
}

/// User data cannot be stored while it is borrowed. An engine that is being built has no borrowers.
fn in_use(ctx: &Ctx<'_>, error: &impl ToString) -> Error {
    Exception::throw_internal(ctx, &error.to_string())
}

/// Brings a new context to where programs can run, and gives what they get as `require`.
fn prepare<'js>(
    ctx: &Ctx<'js>,
    program: &Program,
    meter: &Meter,
) -> rquickjs::Result<Persistent<Callable<'static>>> {
    meter.counts_with(TickCounter::of(ctx));
    // The library reads it when it is called.
    drop(ctx.store_userdata(meter.clone()).map_err(|error| in_use(ctx, &error))?);
    library::install(ctx, program.runtime)?;
    prelude::guard(ctx)?;
    let runtime = program.runtime;
    let require = Callable::new(ctx.clone(), move |ctx: Ctx<'js>, name: String| {
        library::require(&ctx, runtime, &name)
    })?
    .with_name("require")?;
    if !program.mutates_builtins {
        prelude::freeze(ctx, &require)?;
    }
    Ok(Persistent::save(ctx, require))
}
