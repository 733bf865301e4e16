//! What the runtime offers to a function beside the language: its modules, and the language made to be njs's.

mod cloudfront;
mod language;
mod modules;

use keyfront_domain::function::Runtime;
use rquickjs::{Ctx, Exception, Value};

pub(crate) use language::{ProgramSource, describe};

/// Makes a new context the runtime's. It does so once, before any of the function's code.
pub(crate) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> rquickjs::Result<()> {
    language::install(ctx, runtime)?;
    modules::install(ctx, runtime)?;
    cloudfront::install(ctx, runtime)
}

/// The module of a name, the same one each time. Another name throws what njs throws.
pub(crate) fn require<'js>(ctx: &Ctx<'js>, runtime: Runtime, name: &str) -> rquickjs::Result<Value<'js>> {
    if runtime == Runtime::Js2 && name == "cloudfront" {
        return cloudfront::module(ctx);
    }
    let module = modules::require(ctx, runtime, name)?;
    module.ok_or_else(|| Exception::throw_message(ctx, &format!("Cannot find module \"{name}\"")))
}
