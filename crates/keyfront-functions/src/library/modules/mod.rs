//! njs's modules `crypto`, `querystring` and `buffer`, and its globals for bytes and text.
//!
//! They behave as njs 0.7.9 does, to the words of its errors. Everything is native, and nothing is made before it is
//! asked for. njs's Web Crypto, its file system, `process` and timers are absent, because CloudFront Functions have
//! none of them.

mod base64;
mod buffer;
mod byte_strings;
mod bytes;
mod coerce;
mod crypto;
mod encoding;
mod kind;
mod native;
mod querystring;
mod shelf;
#[cfg(test)]
mod tests;
mod text;
mod text_coding;
mod utf8;

use keyfront_domain::function::Runtime;
use rquickjs::{Ctx, Object, Result, Value};

use shelf::{Shelf, lazy_global};

/// Gives a new context what a program finds without asking. It must come before anything of the program runs.
pub(super) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> Result<()> {
    Shelf::install(ctx)?;
    match runtime {
        Runtime::Js1 => byte_strings::install(ctx),
        Runtime::Js2 => {
            base64::install(ctx)?;
            lazy_global(ctx, "Buffer", |ctx, shelf| buffer::constructor(ctx, shelf))?;
            lazy_global(ctx, "TextEncoder", |_, shelf| {
                shelf.get_or_make("TextEncoder", text_coding::encoder)
            })?;
            lazy_global(ctx, "TextDecoder", |_, shelf| {
                shelf.get_or_make("TextDecoder", |ctx, _| text_coding::decoder(ctx))
            })
        }
    }
}

/// The module of a name, the same object whenever the context is asked for it. None if there is no such module in this
/// runtime; njs's words for that are `Cannot find module "name"`.
pub(super) fn require<'js>(ctx: &Ctx<'js>, runtime: Runtime, name: &str) -> Result<Option<Value<'js>>> {
    let shelf = Shelf::of(ctx)?;
    let module = match (name, runtime) {
        ("crypto", _) => shelf.get_or_make("crypto", |ctx, _| crypto::make(ctx, runtime)),
        ("querystring", _) => shelf.get_or_make("querystring", querystring::make),
        ("buffer", Runtime::Js2) => shelf.get_or_make("buffer", buffer::make),
        _ => return Ok(None),
    };
    module.map(Object::into_value).map(Some)
}

/// A `Buffer` with these bytes.
pub(crate) fn buffer_from<'js>(ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Value<'js>> {
    Ok(buffer::with_bytes(ctx, &Shelf::of(ctx)?, bytes)?.into_value())
}
