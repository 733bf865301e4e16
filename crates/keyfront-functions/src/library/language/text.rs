//! Converts strings of the engine to Rust's.
//!
//! A string of JavaScript may have halves of surrogate pairs; njs, whose strings are UTF-8, has U+FFFD in their place.

use rquickjs::{Coerced, Ctx, Error, String as JsString, Value};

use crate::meter;

/// How much of a text is worth a step, in bytes.
const BYTES_OF_A_STEP: usize = 64;

/// The text of a string.
pub(super) fn of<'js>(ctx: &Ctx<'js>, string: &JsString<'js>) -> rquickjs::Result<String> {
    let text = string.to_string();
    if let Ok(text) = &text {
        meter::charge(ctx, u64::try_from(text.len() / BYTES_OF_A_STEP).unwrap_or(u64::MAX))?;
    }
    match text {
        Ok(text) => Ok(text),
        Err(Error::Utf8(_)) => Ok(lossy(
            &ctx.json_stringify(string.clone())?.map_or(Ok(String::new()), |quoted| quoted.to_string())?,
        )),
        Err(other) => Err(other),
    }
}

/// What `String(value)` gives; a symbol is an error, as in njs.
pub(super) fn coerced<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<String> {
    of(ctx, &value.get::<Coerced<JsString<'js>>>()?.0)
}

/// Reads a string that JSON quoted; JSON escapes halves of pairs, so that it is always well-formed.
fn lossy(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted).chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.next() {
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok();
                text.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(itself) => text.push(itself),
            None => {}
        }
    }
    text
}
