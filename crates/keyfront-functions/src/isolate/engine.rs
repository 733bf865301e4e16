//! Builds and enters one QuickJS engine with one function loaded.
//!
//! The context has no `eval` and no other way to make code from text, and none of the objects that njs does not have. What
//! the code of an invocation can fill is bounded on top of what the engine takes for itself.

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

/// An engine that has a function loaded.
pub(super) struct Engine {
    // Values of the engine come first: they must be gone before it is.
    program: Persistent<Callable<'static>>,
    require: Persistent<Callable<'static>>,
    pub(super) rejections: Rejections,
    pub(super) meter: Meter,
    loaded_bytes: usize,
    collect_at: usize,
    context: Context,
}

impl Engine {
    /// Builds an engine with a program loaded. Nothing of the program runs. It fails without enough memory.
    pub(super) fn build(
        program: &Program,
        memory_bytes: usize,
        when_full: WhenFull,
    ) -> Result<Engine, Failure> {
        Engine::build_in(program, memory_bytes, when_full).map_err(|reason| {
            Failure::Execution(format!("InternalError: the sandbox could not be built: {reason}"))
        })
    }

    fn build_in(program: &Program, memory_bytes: usize, when_full: WhenFull) -> Result<Engine, String> {
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
        let (loaded, require) = context
            .with(|ctx| prepare(&ctx, program, &meter).catch(&ctx).map_err(|error| error.to_string()))?;
        runtime.run_gc();
        let loaded_bytes = memory.used();
        let collect_at = loaded_bytes.saturating_add(GARBAGE_BYTES);
        memory.limit(collect_at.saturating_add(memory_bytes), memory_bytes);
        Ok(Engine { program: loaded, require, rejections, meter, loaded_bytes, collect_at, context })
    }

    /// The bytes that the engine took when the program was loaded.
    pub(super) fn size_bytes(&self) -> usize {
        self.loaded_bytes
    }

    /// Enters the engine.
    pub(super) fn enter<R>(&self, run: impl FnOnce(&Ctx<'_>) -> R) -> R {
        // The engine moves its threshold after each collection; an invocation must not find it where another left it.
        self.context.runtime().set_gc_threshold(self.collect_at);
        self.context.with(|ctx| run(&ctx))
    }

    /// Whether jobs are pending, which the next invocation would run.
    pub(super) fn has_jobs(&self) -> bool {
        self.context.runtime().is_job_pending()
    }

    /// The program as a function of `require` that gives the handler.
    pub(super) fn program<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Callable<'js>> {
        self.program.clone().restore(ctx)
    }

    /// What the program gets as `require`.
    pub(super) fn require<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Callable<'js>> {
        self.require.clone().restore(ctx)
    }
}

/// User data cannot be stored while it is borrowed. An engine that is being built has no borrowers.
fn in_use(ctx: &Ctx<'_>, error: &impl ToString) -> Error {
    Exception::throw_internal(ctx, &error.to_string())
}

type Loaded = (Persistent<Callable<'static>>, Persistent<Callable<'static>>);

/// Brings a new context to where the program can run.
fn prepare<'js>(ctx: &Ctx<'js>, program: &Program, meter: &Meter) -> rquickjs::Result<Loaded> {
    meter.counts_with(TickCounter::of(ctx));
    // User data that the library reads when it is called.
    drop(ctx.store_userdata(meter.clone()).map_err(|error| in_use(ctx, &error))?);
    drop(
        ctx.store_userdata(ProgramSource::of(Arc::clone(&program.text)))
            .map_err(|error| in_use(ctx, &error))?,
    );
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
    Ok((Persistent::save(ctx, program.bytecode.load(ctx)?), Persistent::save(ctx, require)))
}
