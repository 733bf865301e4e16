//! Methods that search a `Buffer`, from either end.

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::super::bytes::Bytes;
use super::super::coerce::{self, count, low_byte};
use super::super::encoding::Encoding;
use super::super::native::{Call, method};
use super::super::registry::{Registry, charge};
use super::super::{text, type_name};

/// Bytes compared before they are charged.
const CHARGED_TOGETHER: usize = 1 << 16;

pub(super) fn install<'js>(prototype: &Object<'js>) -> Result<()> {
    method(prototype, "indexOf", 1, |call: &Call<'_, 'js>| index(call, Side::Start))?;
    method(prototype, "lastIndexOf", 1, |call: &Call<'_, 'js>| index(call, Side::End))?;
    method(prototype, "includes", 1, |call: &Call<'_, 'js>| {
        Ok(Value::new_bool(call.ctx().clone(), find(call, Side::Start)?.is_some()))
    })
}

/// Where the search begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

fn index<'js>(call: &Call<'_, 'js>, side: Side) -> Result<Value<'js>> {
    Ok(match find(call, side)? {
        Some(place) => count(call.ctx(), place),
        None => Value::new_int(call.ctx().clone(), -1),
    })
}

fn find(call: &Call<'_, '_>, side: Side) -> Result<Option<usize>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let (value, mut from, mut encoding) = (call.arg(0), call.arg(1), call.arg(2));
    if value.is_string() && from.is_string() {
        encoding = std::mem::replace(&mut from, call.undefined());
    }
    let length = i64::try_from(array.len()?).unwrap_or(i64::MAX);
    let from = if from.is_undefined() { None } else { Some(coerce::to_integer(ctx, from)?) };
    let encoding = Encoding::argument(ctx, &encoding)?;
    let needle = needle(call, &value, encoding)?;
    let content = array.read()?;
    match start(from, length, side).and_then(|start| usize::try_from(start).ok()) {
        Some(start) => search(ctx, &content, &needle, start, side),
        None => Ok(None),
    }
}

/// Where njs begins: a negative place counts from the end.
fn start(from: Option<i64>, length: i64, side: Side) -> Option<i64> {
    let start = match (from, side) {
        (None, Side::Start) => 0,
        (None, Side::End) => length - 1,
        (Some(from), Side::Start) if from < 0 => length.saturating_add(from).max(0),
        (Some(from), Side::End) if from < 0 => length.saturating_add(from),
        (Some(from), Side::Start) => from,
        (Some(from), Side::End) => from.min(length - 1),
    };
    (0..length).contains(&start).then_some(start)
}

fn needle<'js>(call: &Call<'_, 'js>, value: &Value<'js>, encoding: Encoding) -> Result<Vec<u8>> {
    if let Some(string) = value.as_string() {
        return Ok(encoding.decode(&text::of(call.ctx(), string)?));
    }
    if let Some(number) = value.as_number() {
        return Ok(vec![low_byte(number)]);
    }
    if let Some(bytes) = Bytes::exactly(value) {
        return bytes.read();
    }
    let kind = type_name::of(&Registry::of(call.ctx())?, value);
    let message = format!("\"value\" argument {kind} is not a string or Buffer-like object");
    Err(Exception::throw_type(call.ctx(), &message))
}

/// njs finds what is empty at the outermost place, and from the end on counts the place of the last byte.
fn search(ctx: &Ctx<'_>, content: &[u8], needle: &[u8], start: usize, side: Side) -> Result<Option<usize>> {
    let Some(beyond_first) = needle.len().checked_sub(1) else {
        return Ok(Some(if side == Side::Start { 0 } else { content.len() }));
    };
    let mut compared = 0;
    let mut matches = |place: usize| -> Result<bool> {
        let here = content.get(place..).unwrap_or_default();
        let same = here.iter().zip(needle).take_while(|(here, wanted)| here == wanted).count();
        compared += same + 1;
        if compared >= CHARGED_TOGETHER {
            charge(ctx, std::mem::take(&mut compared))?;
        }
        Ok(same == needle.len())
    };
    let places = content.len().saturating_sub(beyond_first);
    match side {
        Side::Start => {
            for place in start..places {
                if matches(place)? {
                    return Ok(Some(place));
                }
            }
        }
        Side::End => {
            let Some(start) = start.checked_sub(beyond_first) else { return Ok(None) };
            for place in (0..=start).rev() {
                if matches(place)? {
                    return Ok(Some(place));
                }
            }
        }
    }
    Ok(None)
}
