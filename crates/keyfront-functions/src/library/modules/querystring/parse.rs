//! `querystring.parse`: from a query string to an object.

use rquickjs::{Array, Ctx, Exception, Object, Result, Value};

use super::super::native::Call;
use super::super::{coerce, text};
use super::{Coder, percent, separator};

/// So many parts are read where nothing else is said.
const MOST: usize = 1000;

pub(super) fn parse<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let between = separator(ctx, call.arg(1), "&")?;
    let equals = separator(ctx, call.arg(2), "=")?;
    let most = most(call)?;
    let decoder = Coder::of(call, "decodeURIComponent", "unescape")?;
    let object = Object::new(ctx.clone())?;
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

/// How many parts may be read, empty ones included; all, where the options say 0 or less.
fn most<'js>(call: &Call<'_, 'js>) -> Result<usize> {
    let said: Value<'js> = match call.arg(3).into_object() {
        Some(options) => options.get("maxKeys")?,
        None => call.undefined(),
    };
    if said.is_undefined() {
        return Ok(MOST);
    }
    match said.as_number().filter(|most| most.is_finite()).map(coerce::whole) {
        Some(most) => Ok(usize::try_from(most).ok().filter(|most| *most > 0).unwrap_or(usize::MAX)),
        None => Err(Exception::throw_message(call.ctx(), "is not a number")),
    }
}

fn decode<'js>(ctx: &Ctx<'js>, decoder: &Coder<'js>, text: &str) -> Result<String> {
    if text.is_empty() { Ok(String::new()) } else { decoder.code(ctx, text, percent::decode) }
}

/// A name that comes again gets a list. As in njs, a name that every object has comes again at once.
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
