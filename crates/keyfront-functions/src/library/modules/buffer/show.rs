//! `toString` and `toJSON` of a `Buffer`.

use rquickjs::{Array, Object, Result, Value};

use super::super::bytes::Bytes;
use super::super::coerce::to_index_or;
use super::super::encoding::Encoding;
use super::super::native::{Call, method};
use super::super::registry::{COST_OF_ELEMENT, charge};
use super::super::text;

pub(super) fn install<'js>(prototype: &Object<'js>) -> Result<()> {
    method(prototype, "toString", 0, |call: &Call<'_, 'js>| to_string(call))?;
    method(prototype, "toJSON", 0, |call: &Call<'_, 'js>| to_json(call))
}

fn to_string<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let length = array.len()?;
    let encoding = Encoding::argument(ctx, &call.arg(0))?;
    let start = to_index_or(ctx, call.arg(1), 0)?;
    let end = to_index_or(ctx, call.arg(2), length)?.min(array.len()?);
    let content = array.read_range(start.min(end), end)?;
    text::to_js(ctx, &encoding.encode(&content))
}

fn to_json<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let content = Bytes::argument(ctx, &call.this(), "this")?.read()?;
    charge(ctx, content.len().saturating_mul(COST_OF_ELEMENT))?;
    let data = Array::new(ctx.clone())?;
    for (place, byte) in content.into_iter().enumerate() {
        data.set(place, byte)?;
    }
    let object = Object::new(ctx.clone())?;
    object.set("type", "Buffer")?;
    object.set("data", data)?;
    Ok(object.into_value())
}
