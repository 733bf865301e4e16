//! The byte strings of runtime 1.0: `String.bytesFrom` and the methods between bytes and text.
//!
//! In njs a byte string is a kind of string of its own. Here it is a string of characters below U+0100, so a text
//! whose characters all are below U+0100 is its own byte string.

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::bytes;
use super::coerce::{low_byte, to_integer, to_length, to_number};
use super::encoding::Encoding;
use super::native::{Call, method};
use super::registry::{COST_OF_ELEMENT, Registry, charge};
use super::text;

pub(super) fn install<'js>(ctx: &Ctx<'js>) -> Result<()> {
    let strings: Object<'js> = ctx.globals().get("String")?;
    method(&strings, "bytesFrom", 0, |call: &Call<'_, 'js>| bytes_from(call))?;
    let prototype: Object<'js> = strings.get("prototype")?;
    Registry::of(ctx)?.set("String.prototype.toString", prototype.get("toString")?)?;
    method(&prototype, "toString", 0, |call: &Call<'_, 'js>| to_string(call))?;
    method(&prototype, "toUTF8", 0, |call: &Call<'_, 'js>| {
        let bytes = this(call)?.into_bytes();
        text::byte_string(call.ctx(), part(call, &bytes)?)
    })?;
    method(&prototype, "fromUTF8", 0, |call: &Call<'_, 'js>| from_utf8(call))?;
    method(&prototype, "toBytes", 0, |call: &Call<'_, 'js>| {
        let chars = chars(call)?;
        let part: String = part(call, &chars)?.iter().collect();
        match text::narrow(&part) {
            Some(bytes) => text::byte_string(call.ctx(), &bytes),
            None => Ok(Value::new_null(call.ctx().clone())),
        }
    })?;
    method(&prototype, "fromBytes", 0, |call: &Call<'_, 'js>| {
        let chars = chars(call)?;
        let part: String = part(call, &chars)?.iter().collect();
        text::to_js(call.ctx(), &part)
    })
}

fn chars(call: &Call<'_, '_>) -> Result<Vec<char>> {
    Ok(this(call)?.chars().collect())
}

/// The text of what the method is called on.
fn this(call: &Call<'_, '_>) -> Result<String> {
    let this = call.this();
    if this.is_null() || this.is_undefined() {
        return Err(Exception::throw_type(call.ctx(), "cannot convert undefined to object"));
    }
    text::from_value(call.ctx(), this)
}

/// The part from the place that the first argument names to the one of the second. Less than nothing counts from
/// the end.
fn part<'a, T>(call: &Call<'_, '_>, whole: &'a [T]) -> Result<&'a [T]> {
    let ctx = call.ctx();
    let length = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    let index = |index: i64| if index < 0 { length.saturating_add(index).max(0) } else { index.min(length) };
    let start = index(to_integer(ctx, call.arg(0))?);
    let end = if call.arg(1).is_undefined() { length } else { index(to_integer(ctx, call.arg(1))?) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(whole.get(range).unwrap_or_default())
}

fn from_utf8<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let text = this(call)?;
    let Some(bytes) = text::narrow(&text) else {
        // A text already, of which a part is wanted.
        let chars: Vec<char> = text.chars().collect();
        let part: String = part(call, &chars)?.iter().collect();
        return text::to_js(ctx, &part);
    };
    match std::str::from_utf8(part(call, &bytes)?) {
        Ok(text) => text::to_js(ctx, text),
        Err(_) => Ok(Value::new_null(ctx.clone())),
    }
}

fn bytes_from<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let (ctx, value) = (call.ctx(), call.arg(0));
    let registry = Registry::of(ctx)?;
    let content = if let Some(string) = value.as_string() {
        let encoding = encoding(ctx, &call.arg(1), "\"encoding\" must be a string")?;
        encoding.decode(&text::of(ctx, string)?)
    } else if let Some(bytes) = bytes::behind_view(ctx, &registry, &value)? {
        bytes
    } else if let Some(object) = value.as_object() {
        list(ctx, &registry, object)?
    } else {
        return Err(Exception::throw_type(ctx, "value must be a string or array-like object"));
    };
    text::byte_string(ctx, &content)
}

fn list<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>, object: &Object<'js>) -> Result<Vec<u8>> {
    let length = to_length(ctx, object.get("length")?)?;
    bytes::zeros(ctx, registry, length)?;
    charge(ctx, length.saturating_mul(COST_OF_ELEMENT))?;
    (0..length)
        .map(|index| Ok(low_byte(to_number(ctx, object.get(u32::try_from(index).unwrap_or(u32::MAX))?)?)))
        .collect()
}

/// `String.prototype.toString`, which in njs encodes a string where it is told how.
fn to_string<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let ordinary = Registry::of(ctx)?.function("String.prototype.toString")?;
    let string: rquickjs::String<'js> = ordinary.call((rquickjs::function::This(call.this()),))?;
    if call.given() == 0 {
        return Ok(string.into_value());
    }
    let encoding = encoding(ctx, &call.arg(0), "encoding must be a string")?;
    let text = text::of(ctx, &string)?;
    let bytes = text::narrow(&text).unwrap_or_else(|| text.into_bytes());
    text::to_js(ctx, &encoding.encode(&bytes))
}

/// An encoding for bytes, so not UTF-8.
fn encoding<'js>(ctx: &Ctx<'js>, value: &Value<'js>, complaint: &str) -> Result<Encoding> {
    let Some(name) = value.as_string() else { return Err(Exception::throw_type(ctx, complaint)) };
    let name = text::of(ctx, name)?;
    match Encoding::named(&name) {
        Some(Encoding::Utf8) | None => {
            Err(Exception::throw_type(ctx, &format!("Unknown encoding: \"{name}\"")))
        }
        Some(encoding) => Ok(encoding),
    }
}
