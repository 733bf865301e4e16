//! Methods that change a `Buffer`: `write`, `fill`, `copy` and the swaps.

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::super::bytes::{self, Bytes};
use super::super::coerce::{count, low_byte, to_index_or, to_number};
use super::super::encoding::Encoding;
use super::super::native::{Call, method};
use super::super::registry::Registry;
use super::super::text;
use super::compare::range;

pub(super) fn install<'js>(prototype: &Object<'js>) -> Result<()> {
    method(prototype, "write", 1, |call: &Call<'_, 'js>| write(call))?;
    method(prototype, "fill", 1, |call: &Call<'_, 'js>| fill_method(call))?;
    method(prototype, "copy", 1, |call: &Call<'_, 'js>| copy(call))?;
    for (name, size) in [("swap16", 2), ("swap32", 4), ("swap64", 8)] {
        method(prototype, name, 0, move |call: &Call<'_, 'js>| swap(call, size))?;
    }
    Ok(())
}

/// Where a call like `write(string, start, end, encoding)` says to work, in which the encoding may stand earlier.
struct WriteRange<'js> {
    start: usize,
    end: usize,
    encoding: Value<'js>,
}

fn write_range<'js>(call: &Call<'_, 'js>, length: usize) -> Result<WriteRange<'js>> {
    let ctx = call.ctx();
    let text = call.arg(0).is_string();
    let mut range = WriteRange { start: 0, end: length, encoding: call.arg(3) };
    if text && call.arg(1).is_string() {
        range.encoding = call.arg(1);
        return Ok(range);
    }
    range.start = to_index_or(ctx, call.arg(1), 0)?;
    if text && call.arg(2).is_string() {
        range.encoding = call.arg(2);
        return Ok(range);
    }
    range.end = to_index_or(ctx, call.arg(2), length)?;
    Ok(range)
}

fn write<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let Some(string) = call.arg(0).into_string() else {
        return Err(Exception::throw_type(ctx, "first argument must be a string"));
    };
    // Here the second number is not an end but a length.
    let WriteRange { start, end: most, encoding } = write_range(call, array.len()?)?;
    let encoding = Encoding::argument(ctx, &encoding)?;
    let size = array.len()?;
    if start >= size {
        return Err(Exception::throw_range(ctx, "\"offset\" is out of range"));
    }
    let mut content = encoding.decode(&text::of(ctx, &string)?);
    content.truncate(most.min(size - start));
    array.write(start, &content)?;
    Ok(count(ctx, content.len()))
}

fn fill_method<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    if call.given() == 0 {
        return Ok(call.this());
    }
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let WriteRange { start, end, encoding } = write_range(call, array.len()?)?;
    fill(ctx, &Registry::of(ctx)?, &array, &call.arg(0), &encoding, start, end)?;
    Ok(call.this())
}

/// Fills a part of an array with a pattern, again and again.
pub(super) fn fill<'js>(
    ctx: &Ctx<'js>,
    registry: &Registry<'js>,
    array: &Bytes<'js>,
    value: &Value<'js>,
    encoding: &Value<'js>,
    start: usize,
    end: usize,
) -> Result<()> {
    let size = array.len()?;
    if start > size {
        return Err(Exception::throw_range(ctx, "\"offset\" is out of range"));
    }
    if end > size {
        return Err(Exception::throw_range(ctx, "\"end\" is out of range"));
    }
    if start >= end {
        return Ok(());
    }
    let mut pattern = if let Some(string) = value.as_string() {
        Encoding::argument(ctx, encoding)?.decode(&text::of(ctx, string)?)
    } else if value.as_object().is_some_and(|object| bytes::typed_array_size(object).is_some()) {
        bytes::behind_view(ctx, registry, value)?.unwrap_or_default()
    } else {
        vec![low_byte(to_number(ctx, value.clone())?)]
    };
    if pattern.is_empty() {
        pattern.push(0);
    }
    let content: Vec<u8> = pattern.iter().copied().cycle().take(end - start).collect();
    array.write(start, &content)
}

fn copy<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let source = Bytes::argument(ctx, &call.this(), "source")?;
    let target = Bytes::argument(ctx, &call.arg(0), "target")?;
    let (start, end) = range(call, &target, "target", call.arg(1), call.undefined())?;
    let (first, last) = range(call, &source, "source", call.arg(2), call.arg(3))?;
    let content = source.read_range(first, last.min(first + (end - start)))?;
    target.write(start, &content)?;
    Ok(count(ctx, content.len()))
}

fn swap<'js>(call: &Call<'_, 'js>, size: usize) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let mut content = array.read()?;
    if content.len() % size != 0 {
        let message = format!("Buffer size must be a multiple of {}-bits", size * 8);
        return Err(Exception::throw_range(ctx, &message));
    }
    for element in content.chunks_exact_mut(size) {
        element.reverse();
    }
    array.write(0, &content)?;
    Ok(call.this())
}
