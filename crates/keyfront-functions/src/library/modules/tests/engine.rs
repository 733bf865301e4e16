//! Runs expressions in the engine and in njs.

use std::cell::RefCell;
use std::io::Write as _;
use std::process::{Command, Stdio};

use keyfront_domain::function::Runtime;
use rquickjs::context::intrinsic::{Date, Eval, Json, Promise, RegExp, RegExpCompiler, TypedArrays};
use rquickjs::{CatchResultExt as _, Context, Ctx, Exception, Function, Runtime as Engine};

use super::super::{install, require};

/// What both engines run before a case.
const SHOW: &str = include_str!("show.js");

/// A context like the one that functions run in, but that the tests can give text to.
pub(super) fn with_context<R>(runtime: Runtime, run: impl for<'js> FnOnce(&Ctx<'js>) -> R) -> R {
    let engine = Engine::new().unwrap();
    engine.set_memory_limit(64 << 20);
    engine.set_interrupt_handler(Some(Box::new(|| INTERRUPT.with(|interrupt| (interrupt.borrow_mut())()))));
    let context = Context::builder()
        .with::<(Date, Eval, RegExpCompiler, RegExp, Json, TypedArrays, Promise)>()
        .build(&engine)
        .unwrap();
    context.with(|ctx| {
        install(&ctx, runtime).catch(&ctx).unwrap();
        give_require(&ctx, runtime).unwrap();
        run(&ctx)
    })
}

fn give_require<'js>(ctx: &Ctx<'js>, runtime: Runtime) -> rquickjs::Result<()> {
    let require = Function::new(ctx.clone(), move |ctx: Ctx<'js>, name: String| {
        require(&ctx, runtime, &name)?
            .ok_or_else(|| Exception::throw_message(&ctx, &format!("Cannot find module \"{name}\"")))
    });
    ctx.globals().set("require", require?)
}

thread_local! {
    static INTERRUPT: RefCell<Box<dyn FnMut() -> bool>> = RefCell::new(Box::new(|| false));
}

/// Sets what answers the engine's question whether to stop, in the contexts of this thread.
pub(super) fn on_interrupt(_: &Ctx<'_>, answer: impl FnMut() -> bool + 'static) {
    INTERRUPT.with(|interrupt| drop(interrupt.replace(Box::new(answer))));
}

/// Runs a text and gives what it is worth.
pub(super) fn eval(ctx: &Ctx<'_>, text: &str) -> String {
    match ctx.eval::<rquickjs::convert::Coerced<String>, _>(text).catch(ctx) {
        Ok(value) => value.0,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// What the engine prints for each of the expressions.
pub(super) fn outcomes(runtime: Runtime, expressions: &[String]) -> Vec<String> {
    with_context(runtime, |ctx| {
        eval(ctx, &format!("{SHOW}\n{}", modules(runtime)));
        expressions
            .iter()
            .map(|one| eval(ctx, &format!("outcome(function () {{ return ({one}\n); }})")))
            .collect()
    })
}

fn modules(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Js1 => "var crypto = require('crypto'), querystring = require('querystring');",
        Runtime::Js2 => {
            "var crypto = require('crypto'), querystring = require('querystring'), buffer = require('buffer');"
        }
    }
}

/// What njs prints for each of the expressions, in one process. A constant that njs changes in one of them is changed
/// in all, so what is to be exact runs alone.
pub(super) fn njs_outcomes(expressions: &[String]) -> Vec<String> {
    let mut script = format!("{SHOW}\n{}\n", modules(Runtime::Js2));
    for one in expressions {
        script.push_str(&format!("console.log('\\n' + outcome(function () {{ return ({one}\n); }}));\n"));
    }
    let mut njs = Command::new("njs")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("njs must be installed to compare with it: apt-get install njs");
    njs.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = njs.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "njs failed: {printed}");
    // It says before an outcome, without a line's end, which of its functions will go.
    printed
        .lines()
        .filter(|line| !line.is_empty() && !line.ends_with("removed in the future"))
        .map(str::to_owned)
        .collect()
}
