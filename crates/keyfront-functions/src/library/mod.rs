//! The runtime's library: njs's language and modules, and CloudFront's own module.

mod cloudfront;
mod language;
mod modules;

use keyfront_domain::function::Runtime;
use rquickjs::{Ctx, Exception, Value};

pub(crate) use language::{ProgramSource, describe};

/// Installs the runtime's language and modules in a new context, before any of the function's code runs.
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
