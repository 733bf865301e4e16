//! An engine as an isolate has it, with a way to run text.

use std::cell::{Cell, RefCell};

use keyfront_domain::function::Runtime;
use rquickjs::context::intrinsic::{Date, Eval, Json, Promise, RegExp, RegExpCompiler, TypedArrays};
use rquickjs::{Context, Ctx, Value};

use super::super::{ProgramSource, describe, install};
use super::table::{PREAMBLE, printing};
use crate::event::EventType;
use crate::invocation_state::InvocationState;

/// The time that programs see: 15 February 2024, 09:00:00.123 UTC.
pub(super) const NOW_MS: i64 = 1_707_987_600_123;

pub(super) struct TestContext {
    context: Context,
}

impl TestContext {
    pub(super) fn new() -> TestContext {
        TestContext::of(Runtime::Js2)
    }

    pub(super) fn of(runtime: Runtime) -> TestContext {
        let engine = rquickjs::Runtime::new().unwrap();
        let context = Context::builder()
            .with::<(Date, RegExpCompiler, RegExp, Json, TypedArrays, Promise, Eval)>()
            .build(&engine)
            .unwrap();
        let context = TestContext { context };
        context.begin(1, 10_240);
        context.context.with(|ctx| {
            install(&ctx, runtime).unwrap_or_else(|error| panic!("{error}: {:?}", ctx.catch()));
            ctx.eval::<(), _>(PREAMBLE).unwrap();
        });
        context
    }

    /// Begins an invocation.
    pub(super) fn begin(&self, seed: u64, log_bytes: usize) {
        let state = InvocationState {
            event_type: EventType::ViewerRequest,
            now_ms: NOW_MS,
            seed,
            random_draws: Cell::new(0),
            store: None,
            store_reads: Cell::new(0),
            stack: RefCell::new(Vec::new()),
            logs: RefCell::new(Vec::new()),
            log_bytes_left: Cell::new(log_bytes),
            origin: RefCell::new(None),
        };
        self.context.with(|ctx| drop(ctx.store_userdata(state).unwrap()));
    }

    /// Runs a program, and gives what it logged and, where it threw, the description of what it threw.
    pub(super) fn run(&self, program: &str) -> (Vec<String>, Option<String>) {
        self.context.with(|ctx| {
            drop(ctx.store_userdata(ProgramSource::of(program.into())).unwrap());
            let failure = ctx.eval::<Value<'_>, _>(program).err().map(|_| describe(&ctx, &ctx.catch()));
            while ctx.execute_pending_job() {}
            (take_logs(&ctx), failure)
        })
    }

    /// The lines that an expression prints, or what it throws.
    pub(super) fn print(&self, expression: &str) -> Vec<String> {
        self.begin(1, 10_240);
        let (logs, failure) = self.run(&printing(expression));
        assert_eq!(failure, None, "{expression}");
        logs.iter().flat_map(|line| line.split('\n')).map(str::to_owned).collect()
    }
}

fn take_logs(ctx: &Ctx<'_>) -> Vec<String> {
    ctx.userdata::<InvocationState>().unwrap().logs.take()
}
