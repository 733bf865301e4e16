//! `querystring.parse`: from a query string to an object.

use rquickjs::{Array, Ctx, Object, Result, Value};

use super::super::native::Call;
use super::super::{coerce, text};
use super::{Coder, percent, separator};

/// So many parts are read where nothing else is said.
const MOST: i64 = 1000;

pub(super) fn parse<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let between = separator(ctx, call.arg(1), "&")?;
    let equals = separator(ctx, call.arg(2), "=")?;
    let most = most(call)?;
    let decoder = Coder::of(call, "decodeURIComponent", "unescape")?;
    let object = Object::new_proto(ctx.clone(), None)?;
    let Some(string) = call.arg(0).into_string() else { return Ok(object.into_value()) };
    let string = text::of(ctx, &string)?;
    let parts = string.split(between.as_str()).take(most).filter(|part| !part.is_empty());
    for part in parts {
        let (name, value) = part.split_once(equals.as_str()).unwrap_or((part, ""));
        let name = decode(ctx, &decoder, name)?;
        let value = decode(ctx, &decoder, value)?;
        append(ctx, &object, &name, &value)?;
    }
    Ok(object.into_value())
}

/// How many parts may be read, empty ones included. Options that do not say it mean all.
fn most(call: &Call<'_, '_>) -> Result<usize> {
    let Some(options) = call.arg(3).into_object() else {
        return Ok(usize::try_from(MOST).unwrap_or(usize::MAX));
    };
    let most = coerce::to_integer(call.ctx(), options.get("maxKeys")?)?;
    Ok(usize::try_from(most).ok().filter(|most| *most > 0).unwrap_or(usize::MAX))
}

fn decode<'js>(ctx: &Ctx<'js>, decoder: &Coder<'js>, text: &str) -> Result<String> {
    if text.is_empty() { Ok(String::new()) } else { decoder.code(ctx, text, percent::decode) }
}

/// A name that comes again gets a list.
fn append<'js>(ctx: &Ctx<'js>, object: &Object<'js>, name: &str, value: &str) -> Result<()> {
    if !object.contains_key(name)? {
        return object.set(name, value);
    }
    let before: Value<'js> = object.get(name)?;
    if let Some(list) = before.as_array() {
        return list.set(list.len(), value);
    }
    let list = Array::new(ctx.clone())?;
    list.set(0, before)?;
    list.set(1, value)?;
    object.set(name, list)
}
