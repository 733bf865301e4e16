//! The globals `atob` and `btoa`.

use rquickjs::{Ctx, Exception, Result, Value};

use super::encoding::Encoding;
use super::native::{Call, function, hidden};
use super::text;

pub(super) fn install<'js>(ctx: &Ctx<'js>) -> Result<()> {
    let globals = ctx.globals();
    let atob = function(ctx, "atob", 1, |call: &Call<'_, 'js>| atob(call))?;
    let btoa = function(ctx, "btoa", 1, |call: &Call<'_, 'js>| btoa(call))?;
    hidden(&globals, "atob", atob.into_value())?;
    hidden(&globals, "btoa", btoa.into_value())
}

fn atob<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let text = text::from_value(ctx, call.arg(0))?;
    match decode(&text) {
        Some(bytes) => text::byte_string(ctx, &bytes),
        None => Err(Exception::throw_type(ctx, "the string to be decoded is not correctly encoded")),
    }
}

/// Decodes as njs does: spaces are all that may stand between, and without padding only whole groups of four
/// characters count.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.replace(' ', "");
    let groups = text.len() / 4;
    let (digits, size) = if !text.len().is_multiple_of(4) {
        (text.as_str(), groups * 3)
    } else if let Some(digits) = text.strip_suffix("==") {
        (digits, groups * 3 - 2)
    } else if let Some(digits) = text.strip_suffix('=') {
        (digits, groups * 3 - 1)
    } else {
        (text.as_str(), groups * 3)
    };
    let valid = digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    if !valid || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Encoding::Base64.decode(digits);
    bytes.truncate(size);
    Some(bytes)
}

fn btoa<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let text = text::from_value(ctx, call.arg(0))?;
    match text::narrow(&text) {
        Some(bytes) => text::to_js(ctx, &Encoding::Base64.encode(&bytes)),
        None => Err(Exception::throw_type(ctx, "invalid character (>= U+00FF)")),
    }
}
