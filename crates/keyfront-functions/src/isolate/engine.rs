//! Builds and enters one QuickJS engine with one function loaded.
//!
//! The context has no `eval` and no other way to make code from text, and none of the objects that njs does not have. What
//! the code of an invocation can fill is bounded on top of what the engine takes for itself.

use std::sync::Arc;

use rquickjs::context::intrinsic::{Date, Json, Promise as Promises, RegExp, RegExpCompiler, TypedArrays};
use rquickjs::{
    CatchResultExt, Context, Ctx, Error, Exception, Function as Callable, Object, Persistent, Runtime,
};

use super::prelude;
use super::rejections::Rejections;
use crate::Failure;
use crate::function::Program;
use crate::library::{self, ProgramSource};
use crate::meter::{Meter, TICKS};

/// Stack of the engine, in bytes. Deeper recursion is an error that code may catch.
const STACK_BYTES: usize = 256 * 1024;

/// Garbage that may lie about before it is collected, in bytes; what the code may fill comes on top.
const GARBAGE_BYTES: usize = 128 * 1024;

/// An engine that has a function loaded.
pub(super) struct Engine {
    // Values of the engine come first: they must be gone before it is.
    program: Persistent<Callable<'static>>,
    require: Persistent<Callable<'static>>,
    loops: Option<TickLoops>,
    pub(super) rejections: Rejections,
    pub(super) meter: Meter,
    loaded_bytes: usize,
    collect_at: usize,
    context: Context,
}

/// Two endless loops that count the ticks until the engine's next interrupt check.
struct TickLoops {
    spin: Persistent<Callable<'static>>,
    count: Persistent<Callable<'static>>,
    /// The iterations of `count` from one interrupt check to the next.
    iterations: u64,
}

impl Engine {
    /// Builds an engine with a program loaded. Nothing of the program runs. It fails without enough memory.
    pub(super) fn build(program: &Program, memory_bytes: usize) -> Result<Engine, Failure> {
        Engine::build_in(program, memory_bytes).map_err(|reason| {
            Failure::Execution(format!("InternalError: the sandbox could not be built: {reason}"))
        })
    }

    fn build_in(program: &Program, memory_bytes: usize) -> Result<Engine, String> {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        runtime.set_max_stack_size(STACK_BYTES);
        let meter = Meter::default();
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
        let loaded_bytes = usize::try_from(runtime.memory_usage().malloc_size).unwrap_or(0);
        let collect_at = loaded_bytes.saturating_add(GARBAGE_BYTES);
        runtime.set_memory_limit(collect_at.saturating_add(memory_bytes));
        Ok(Engine {
            program: loaded,
            require,
            loops: None,
            rejections,
            meter,
            loaded_bytes,
            collect_at,
            context,
        })
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

    /// Makes the engine's next interrupt check come exactly [`TICKS`] ticks from now.
    pub(super) fn synchronize(&mut self) -> rquickjs::Result<()> {
        if self.loops.is_none() {
            let (spin, count) = self.context.with(|ctx| {
                let (spin, count) = prelude::loops(&ctx)?;
                rquickjs::Result::Ok((Persistent::save(&ctx, spin), Persistent::save(&ctx, count)))
            })?;
            self.loops = Some(TickLoops { spin, count, iterations: 0 });
            self.spin()?;
            let iterations = self.count()?;
            if let Some(loops) = &mut self.loops {
                loops.iterations = iterations;
            }
        }
        self.spin()
    }

    /// The ticks since the engine's last interrupt check.
    pub(super) fn ticks_since_check(&self) -> rquickjs::Result<u64> {
        let between = self.loops.as_ref().map_or(0, |loops| loops.iterations);
        Ok(between.saturating_sub(self.count()?).min(TICKS))
    }

    fn spin(&self) -> rquickjs::Result<()> {
        let Some(loops) = &self.loops else { return Ok(()) };
        self.context.with(|ctx| {
            self.meter.synchronize();
            stopped(&ctx, loops.spin.clone().restore(&ctx)?.call(()))
        })
    }

    fn count(&self) -> rquickjs::Result<u64> {
        let Some(loops) = &self.loops else { return Ok(0) };
        self.context.with(|ctx| {
            let cell = Object::new(ctx.clone())?;
            cell.set("iterations", 0)?;
            self.meter.synchronize();
            stopped(&ctx, loops.count.clone().restore(&ctx)?.call((cell.clone(),)))?;
            cell.get("iterations")
        })
    }
}

/// A loop without an end has been stopped, as it should be.
fn stopped(ctx: &Ctx<'_>, result: rquickjs::Result<()>) -> rquickjs::Result<()> {
    result.or_else(|error| {
        if !error.is_exception() {
            return Err(error);
        }
        drop(ctx.catch());
        Ok(())
    })
}

/// User data cannot be stored while it is borrowed. An engine that is being built has no borrowers.
fn in_use(ctx: &Ctx<'_>, error: &impl ToString) -> Error {
    Exception::throw_internal(ctx, &error.to_string())
}

type Loaded = (Persistent<Callable<'static>>, Persistent<Callable<'static>>);

/// Brings a new context to where the program can run.
fn prepare<'js>(ctx: &Ctx<'js>, program: &Program, meter: &Meter) -> rquickjs::Result<Loaded> {
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
