//! njs's modules `crypto`, `querystring` and `buffer`, and its globals for bytes and text.
//!
//! They behave as njs of 23 May 2023 does, to the words of its errors. Everything is native, and made on first use. njs's Web Crypto, its file system, `process` and timers are absent, as in CloudFront Functions.

mod base64;
mod buffer;
mod byte_strings;
mod bytes;
mod coerce;
mod crypto;
mod encoding;
mod native;
mod querystring;
mod registry;
#[cfg(test)]
mod tests;
mod text;
mod text_coding;
mod type_name;
mod utf8;

use keyfront_domain::function::Runtime;
use rquickjs::{Ctx, Object, Result, Value};

use registry::{Registry, lazy_global};

/// Installs the globals in a new context, before anything of the program runs.
pub(super) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> Result<()> {
    Registry::install(ctx)?;
    match runtime {
        Runtime::Js1 => byte_strings::install(ctx),
        Runtime::Js2 => {
            base64::install(ctx)?;
            lazy_global(ctx, "Buffer", |ctx, registry| buffer::constructor(ctx, registry))?;
            lazy_global(ctx, "TextEncoder", |_, registry| {
                registry.get_or_make("TextEncoder", text_coding::encoder)
            })?;
            lazy_global(ctx, "TextDecoder", |_, registry| {
                registry.get_or_make("TextDecoder", |ctx, _| text_coding::decoder(ctx))
            })
        }
    }
}

/// The module of a name, the same object for every call in a context. `None` if the runtime does not have it; njs's words for that are `Cannot find module "name"`.
pub(super) fn require<'js>(ctx: &Ctx<'js>, runtime: Runtime, name: &str) -> Result<Option<Value<'js>>> {
    let registry = Registry::of(ctx)?;
    let module = match (name, runtime) {
        ("crypto", _) => registry.get_or_make("crypto", |ctx, _| crypto::make(ctx, runtime)),
        ("querystring", _) => registry.get_or_make("querystring", querystring::make),
        ("buffer", Runtime::Js2) => registry.get_or_make("buffer", buffer::make),
        _ => return Ok(None),
    };
    module.map(Object::into_value).map(Some)
}

/// The bytes of a `Buffer` or of another typed array; nothing for any other value.
pub(crate) fn bytes_of<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<Vec<u8>>> {
    bytes::of_typed_array(ctx, &Registry::of(ctx)?, value)
}

/// A `Buffer` with these bytes.
pub(crate) fn buffer_from<'js>(ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Value<'js>> {
    Ok(buffer::with_bytes(ctx, &Registry::of(ctx)?, bytes)?.into_value())
}
