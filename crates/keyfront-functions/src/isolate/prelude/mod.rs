//! Prelude: Keyfront's own JavaScript that runs in every context before the function. It guards natives that could run
//! long without an interrupt check, and freezes what invocations share.

use std::sync::LazyLock;

use rquickjs::{Ctx, Exception, Function};

use crate::bytecode::{Bytecode, Refused};
use crate::meter::charge;

/// A script, compiled once in this process.
type Compiled = LazyLock<Result<Bytecode, Refused>>;

static GUARD: Compiled = LazyLock::new(|| Bytecode::compile(include_str!("guard.js")));
static FREEZE: Compiled = LazyLock::new(|| Bytecode::compile(include_str!("freeze.js")));

fn load<'js>(ctx: &Ctx<'js>, compiled: &Compiled) -> rquickjs::Result<Function<'js>> {
    match &**compiled {
        Ok(bytecode) => bytecode.load(ctx),
        Err(refused) => Err(Exception::throw_internal(ctx, &refused.message)),
    }
}

/// Puts guards before the natives that need one.
pub(super) fn guard(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let charge = Function::new(ctx.clone(), |ctx: Ctx<'_>, steps: f64| {
        // A negative number or NaN charges nothing; the largest is the end in any case.
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast of a float saturates"
        )]
        charge(&ctx, steps as u64)
    })?;
    load(ctx, &GUARD)?.call((charge,))
}

/// Makes everything unchangeable that one invocation could leave to the next: all that names or values lead to, and
/// what the program gets as `require`.
pub(super) fn freeze<'js>(ctx: &Ctx<'js>, require: &Function<'js>) -> rquickjs::Result<()> {
    load(ctx, &FREEZE)?.call((require.clone(),))
}
