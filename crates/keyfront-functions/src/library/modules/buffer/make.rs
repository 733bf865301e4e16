//! `Buffer.alloc` and its variants, `Buffer.concat`, and the predicates of `Buffer`.

use rquickjs::{Array, Exception, Object, Result, Value};

use super::super::bytes::{self, Bytes};
use super::super::coerce::whole;
use super::super::encoding::Encoding;
use super::super::native::{Call, method};
use super::super::registry::Registry;
use super::super::{coerce, text};
use super::change::fill;
use super::{MAX, adopt, not_buffer_like, prototype};

pub(super) fn install<'js>(buffer: &Object<'js>) -> Result<()> {
    method(buffer, "alloc", 0, |call: &Call<'_, 'js>| alloc(call, true))?;
    method(buffer, "allocUnsafe", 0, |call: &Call<'_, 'js>| alloc(call, false))?;
    method(buffer, "allocUnsafeSlow", 1, |call: &Call<'_, 'js>| alloc(call, false))?;
    method(buffer, "byteLength", 1, |call: &Call<'_, 'js>| byte_length(call))?;
    method(buffer, "concat", 1, |call: &Call<'_, 'js>| concat(call))?;
    method(buffer, "isBuffer", 1, |call: &Call<'_, 'js>| is_buffer(call))?;
    method(buffer, "isEncoding", 1, |call: &Call<'_, 'js>| is_encoding(call))
}

/// Memory that was not cleared is not given out, whatever it is called.
fn alloc<'js>(call: &Call<'_, 'js>, may_fill: bool) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let Some(size) = call.arg(0).as_number() else {
        return Err(Exception::throw_type(ctx, "\"size\" argument must be of type number"));
    };
    if size < 0.0 || size > f64::from(MAX) {
        return Err(Exception::throw_range(ctx, "invalid size"));
    }
    if size.is_nan() {
        return Err(Exception::throw_range(ctx, "invalid index"));
    }
    let registry = Registry::of(ctx)?;
    let size = usize::try_from(whole(size)).unwrap_or(usize::MAX);
    let array = bytes::zeros(ctx, &registry, size)?;
    if may_fill && !call.arg(1).is_undefined() {
        fill(ctx, &registry, &array, &call.arg(1), &call.arg(2), 0, size)?;
    }
    Ok(adopt(ctx, &registry, array.into())?.into_value())
}

fn byte_length<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let (ctx, value) = (call.ctx(), call.arg(0));
    let registry = Registry::of(ctx)?;
    if let Some(string) = value.as_string() {
        let encoding = Encoding::argument(ctx, &call.arg(1))?;
        return Ok(coerce::count(ctx, encoding.decoded_len(&text::of(ctx, string)?)));
    }
    let size = match value.as_object() {
        Some(object) => match bytes::typed_array_size(object) {
            Some((_, size)) => Some(size),
            None if bytes::is_data_view(&registry, object)? => object.get("byteLength")?,
            None => bytes::array_buffer_size(&value),
        },
        None => None,
    };
    let size = size.ok_or_else(|| not_buffer_like(ctx, &registry, &value))?;
    Ok(coerce::count(ctx, size))
}

fn concat<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let Some(list) = call.arg(0).into_array() else {
        return Err(Exception::throw_type(ctx, "\"list\" argument must be an instance of Array"));
    };
    let parts = parts(call, &list)?;
    let mut size = 0_usize;
    for part in &parts {
        size = size.saturating_add(part.len()?);
    }
    if let Some(length) = wanted_length(call)? {
        size = length;
    }
    let registry = Registry::of(ctx)?;
    let array = bytes::zeros(ctx, &registry, size)?;
    let mut offset = 0;
    for part in &parts {
        let content = part.read_range(0, part.len()?.min(size - offset))?;
        array.write(offset, &content)?;
        offset += content.len();
    }
    Ok(adopt(ctx, &registry, array.into())?.into_value())
}

fn parts<'js>(call: &Call<'_, 'js>, list: &Array<'js>) -> Result<Vec<Bytes<'js>>> {
    let mut parts = Vec::new();
    for offset in 0..coerce::length(call.ctx(), list)? {
        parts.push(Bytes::exactly(&list.get(offset)?).ok_or_else(|| {
            let message = format!("\"list[{offset}]\" argument must be an instance of Buffer or Uint8Array");
            Exception::throw_type(call.ctx(), &message)
        })?);
    }
    Ok(parts)
}

fn wanted_length(call: &Call<'_, '_>) -> Result<Option<usize>> {
    let (ctx, length) = (call.ctx(), call.arg(1));
    if length.is_undefined() {
        return Ok(None);
    }
    let Some(length) = length.as_number() else {
        return Err(Exception::throw_type(ctx, "\"length\" argument must be of type number"));
    };
    if length.is_nan() || length <= -1.0 {
        return Err(Exception::throw_range(ctx, "\"length\" is out of range"));
    }
    Ok(Some(usize::try_from(whole(length)).unwrap_or(usize::MAX)))
}

fn is_buffer<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let prototype = prototype(ctx, &Registry::of(ctx)?)?;
    let is = Bytes::find(&call.arg(0)).is_some_and(|bytes| bytes.has_prototype(&prototype));
    Ok(Value::new_bool(ctx.clone(), is))
}

fn is_encoding<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let name = call.arg(0);
    let is = match name.as_string() {
        Some(name) => Encoding::named(&text::of(ctx, name)?).is_some(),
        None if name.is_undefined() => false,
        None => return Err(Exception::throw_type(ctx, "encoding must be a string")),
    };
    Ok(Value::new_bool(ctx.clone(), is))
}
