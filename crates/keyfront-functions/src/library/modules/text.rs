//! Converts between the engine's strings and Rust's.

use rquickjs::{Ctx, Error, IntoJs, Result, String as JsString, Value};

use super::registry::charge;

/// A string as UTF-8. A surrogate without its other half becomes U+FFFD, as it is in njs from the beginning.
pub(super) fn of<'js>(ctx: &Ctx<'js>, string: &JsString<'js>) -> Result<String> {
    let text = match string.to_string() {
        Err(Error::Utf8(_)) => repaired(ctx, string),
        other => other,
    }?;
    charge(ctx, text.len())?;
    Ok(text)
}

/// A string from a conversion of any value.
pub(super) fn from_value<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<String> {
    of(ctx, &super::coerce::to_string(ctx, value)?)
}

pub(super) fn to_js<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>> {
    charge(ctx, text.len())?;
    JsString::from_str(ctx.clone(), text)?.into_js(ctx)
}

/// JSON writes a lone surrogate as an escape, and everything else as it is.
fn repaired<'js>(ctx: &Ctx<'js>, string: &JsString<'js>) -> Result<String> {
    let json = match ctx.json_stringify(string.as_value().clone())? {
        Some(json) => json.to_string()?,
        None => return Ok(String::new()),
    };
    let mut plain = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some((before, from)) = rest.split_once('\\') {
        plain.push_str(before);
        plain.push('\\');
        let mut escape = from.chars();
        match escape.next() {
            Some('u') => {
                let code: String = escape.by_ref().take(4).collect();
                plain.push('u');
                plain.push_str(if code.starts_with(['d', 'D']) { "fffd" } else { &code });
            }
            Some(other) => plain.push(other),
            None => {}
        }
        rest = escape.as_str();
    }
    plain.push_str(rest);
    serde_json::from_str(&plain).map_err(|error| rquickjs::Exception::throw_internal(ctx, &error.to_string()))
}

/// Bytes as a string of characters below U+0100: what runtime 1.0 calls a byte string.
pub(super) fn byte_string<'js>(ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Value<'js>> {
    let text: String = bytes.iter().copied().map(char::from).collect();
    to_js(ctx, &text)
}

/// The bytes that the characters of a string are, if all of them are below U+0100.
pub(super) fn narrow(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect()
}

/// The bytes that a string of runtime 1.0 stands for: its characters if it is a byte string, otherwise its UTF-8.
///
/// The engine cannot tell a byte string from a text in which all characters happen to be below U+0100. It is taken
/// for bytes when it has control characters, which text does not have, or when it has the length of a digest and
/// too many characters beyond ASCII for a text.
pub(super) fn bytes_of_1_0(text: String) -> Vec<u8> {
    if text.is_ascii() {
        return text.into_bytes();
    }
    match narrow(&text) {
        Some(bytes) if looks_binary(&bytes) => bytes,
        Some(_) | None => text.into_bytes(),
    }
}

fn looks_binary(bytes: &[u8]) -> bool {
    let beyond_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    bytes.iter().any(|byte| char::from(*byte).is_control() && !matches!(byte, b'\t' | b'\n' | b'\r'))
        || matches!(bytes.len(), 16 | 20 | 32) && beyond_ascii * 4 >= bytes.len()
}
