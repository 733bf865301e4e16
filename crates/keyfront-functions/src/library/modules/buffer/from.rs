//! `Buffer.from`.

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::super::bytes::{self, Bytes};
use super::super::coerce::{low_byte, to_index, to_length, to_number};
use super::super::encoding::Encoding;
use super::super::native::{Call, method};
use super::super::registry::{COST_OF_ELEMENT, Registry, charge};
use super::super::text;
use super::{adopt, not_buffer_like, with_bytes};

/// How many `Buffer`s of JSON may be in one another: an object may contain itself.
const DEEPEST: usize = 32;

pub(super) fn install<'js>(buffer: &Object<'js>) -> Result<()> {
    method(buffer, "from", 3, |call: &Call<'_, 'js>| from(call))
}

fn from<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let registry = Registry::of(ctx)?;
    let mut value = call.arg(0);
    loop {
        if let Some(string) = value.as_string() {
            let encoding = Encoding::argument(ctx, &call.arg(1))?;
            let content = encoding.decode(&text::of(ctx, string)?);
            return Ok(with_bytes(ctx, &registry, &content)?.into_value());
        }
        let Some(object) = value.as_object() else { break };
        if let Some((element, size)) = bytes::typed_array_size(object) {
            return from_typed_array(ctx, &registry, &value, size / element);
        }
        if !object.is_array()
            && let Some(size) = bytes::array_buffer_size(&value)
        {
            return over_array_buffer(call, &registry, &value, size);
        }
        match primitive(ctx, object)? {
            // What an object says it is worth counts instead of it.
            Some(worth) if !worth.is_null() && worth != value => value = worth,
            Some(_) | None => {
                let Some(list) = list_in(ctx, object)? else { break };
                let content = from_list(ctx, &registry, &list)?;
                return Ok(adopt(ctx, &registry, content.into())?.into_value());
            }
        }
    }
    Err(not_buffer_like(ctx, &registry, &value))
}

/// What `valueOf` gives, for an object that has it.
fn primitive<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Option<Value<'js>>> {
    let value_of: Value<'js> = object.get("valueOf")?;
    if value_of.is_undefined() && !object.contains_key("valueOf")? {
        return Ok(None);
    }
    match value_of.as_function() {
        Some(value_of) => value_of.call((rquickjs::function::This(object.clone()),)).map(Some),
        None => Err(Exception::throw_type(ctx, "object.valueOf is not a function")),
    }
}

/// The object with elements: this one if it has a length, or the one in it if it is a `Buffer` that went through
/// JSON.
fn list_in<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Option<Object<'js>>> {
    let mut object = object.clone();
    for _ in 0..DEEPEST {
        if object.contains_key("length")? {
            return Ok(Some(object));
        }
        if !object.contains_key("type")? || text::from_value(ctx, object.get("type")?)? != "Buffer" {
            return Ok(None);
        }
        let Some(data) = object.get::<_, Value<'js>>("data")?.into_object() else { return Ok(None) };
        object = data;
    }
    Ok(None)
}

fn from_list<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>, list: &Object<'js>) -> Result<Bytes<'js>> {
    let length = to_length(ctx, list.get("length")?)?;
    let array = bytes::zeros(ctx, registry, length)?;
    charge(ctx, length.saturating_mul(COST_OF_ELEMENT))?;
    let mut content = Vec::with_capacity(length);
    for place in 0..length {
        content.push(low_byte(to_number(ctx, list.get(u32::try_from(place).unwrap_or(u32::MAX))?)?));
    }
    array.write(0, &content)?;
    Ok(array)
}

fn from_typed_array<'js>(
    ctx: &Ctx<'js>,
    registry: &Registry<'js>,
    value: &Value<'js>,
    length: usize,
) -> Result<Value<'js>> {
    let content = match Bytes::exactly(value) {
        Some(bytes) => bytes.read()?,
        None => elements(ctx, value, length)?,
    };
    Ok(with_bytes(ctx, registry, &content)?.into_value())
}

fn elements<'js>(ctx: &Ctx<'js>, value: &Value<'js>, length: usize) -> Result<Vec<u8>> {
    let Some(array) = value.as_object() else { return Ok(Vec::new()) };
    charge(ctx, length.saturating_mul(COST_OF_ELEMENT))?;
    (0..length)
        .map(|place| Ok(low_byte(to_number(ctx, array.get(u32::try_from(place).unwrap_or(u32::MAX))?)?)))
        .collect()
}

/// A `Buffer` over the memory of an `ArrayBuffer`: what is written to one is seen in the other.
fn over_array_buffer<'js>(
    call: &Call<'_, 'js>,
    registry: &Registry<'js>,
    memory: &Value<'js>,
    size: usize,
) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let start = to_index(ctx, call.arg(1))?;
    if start > size {
        return Err(Exception::throw_range(ctx, "\"offset\" is outside of buffer bounds"));
    }
    let length = if call.arg(2).is_undefined() { size - start } else { to_length(ctx, call.arg(2))? };
    if start.saturating_add(length) > size {
        return Err(Exception::throw_range(ctx, "\"length\" is outside of buffer bounds"));
    }
    let array = bytes::over(registry, memory.clone(), start, length)?;
    Ok(adopt(ctx, registry, array)?.into_value())
}
