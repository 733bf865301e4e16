//! Methods that compare `Buffer`s.

use std::cmp::Ordering;

use rquickjs::{Exception, Object, Result, Value};

use super::super::bytes::Bytes;
use super::super::coerce::to_index_or;
use super::super::native::{Call, method};

/// `Buffer.compare`.
pub(super) fn install<'js>(buffer: &Object<'js>) -> Result<()> {
    method(buffer, "compare", 2, |call: &Call<'_, 'js>| {
        let none = || call.undefined();
        order(call, &call.arg(0), &call.arg(1), [none(), none(), none(), none()])
            .map(|order| number(call, order))
    })
}

pub(super) fn install_methods<'js>(prototype: &Object<'js>) -> Result<()> {
    method(prototype, "compare", 1, |call: &Call<'_, 'js>| {
        let places = [call.arg(1), call.arg(2), call.arg(3), call.arg(4)];
        order(call, &call.this(), &call.arg(0), places).map(|order| number(call, order))
    })?;
    method(prototype, "equals", 1, |call: &Call<'_, 'js>| {
        let none = || call.undefined();
        let order = order(call, &call.this(), &call.arg(0), [none(), none(), none(), none()])?;
        Ok(Value::new_bool(call.ctx().clone(), order.is_eq()))
    })
}

fn number<'js>(call: &Call<'_, 'js>, order: Ordering) -> Value<'js> {
    let number = match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    Value::new_int(call.ctx().clone(), number)
}

/// How a source stands to a target. The places are start and end in the target, then in the source.
fn order<'js>(
    call: &Call<'_, 'js>,
    source: &Value<'js>,
    target: &Value<'js>,
    places: [Value<'js>; 4],
) -> Result<Ordering> {
    let source = Bytes::argument(call.ctx(), source, "source")?;
    let target = Bytes::argument(call.ctx(), target, "target")?;
    let [target_start, target_end, source_start, source_end] = places;
    let (start, end) = range(call, &target, "target", target_start, target_end)?;
    let (first, last) = range(call, &source, "source", source_start, source_end)?;
    let (source, target) = (source.read_range(first, last)?, target.read_range(start, end)?);
    Ok(source.cmp(&target))
}

/// The part of an array from one place to another, both of which must be inside.
pub(super) fn range<'js>(
    call: &Call<'_, 'js>,
    array: &Bytes<'js>,
    name: &str,
    start: Value<'js>,
    end: Value<'js>,
) -> Result<(usize, usize)> {
    let ctx = call.ctx();
    let start = to_index_or(ctx, start, 0)?;
    let length = array.len()?;
    if start > length {
        return Err(Exception::throw_range(ctx, &format!("\"{name}Start\" is out of range: {start}")));
    }
    let end = to_index_or(ctx, end, length)?;
    let length = array.len()?;
    if end > length {
        return Err(Exception::throw_range(ctx, &format!("\"{name}End\" is out of range: {end}")));
    }
    Ok((start, end.max(start)))
}
