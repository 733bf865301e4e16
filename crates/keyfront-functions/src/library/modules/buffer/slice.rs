//! Parts of a `Buffer` that share its memory.

use rquickjs::function::This;
use rquickjs::{Exception, Object, Result, Value};

use super::super::bytes;
use super::super::native::{Call, method};
use super::super::registry::Registry;
use super::adopt;

pub(super) fn install<'js>(prototype: &Object<'js>) -> Result<()> {
    method(prototype, "slice", 2, |call: &Call<'_, 'js>| slice(call))?;
    method(prototype, "subarray", 2, |call: &Call<'_, 'js>| slice(call))
}

/// Both are the same in njs: neither copies.
fn slice<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let this = call.this();
    if this.as_object().and_then(bytes::typed_array_size).is_none() {
        return Err(Exception::throw_type(ctx, "this is not a typed array"));
    }
    let registry = Registry::of(ctx)?;
    let part: Object<'js> = registry.function("subarray")?.call((This(this), call.arg(0), call.arg(1)))?;
    Ok(adopt(ctx, &registry, part)?.into_value())
}
