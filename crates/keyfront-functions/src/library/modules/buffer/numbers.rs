//! Methods that read and write numbers. As in njs, a number that does not fit is cut, not refused.

use rquickjs::{Exception, Object, Result, Value};

use super::super::bytes::Bytes;
use super::super::coerce::{count, float, single, to_index, to_integer, to_number, whole};
use super::super::native::{Call, method};

/// The largest whole number has so many bytes.
const WIDEST: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// How a number lies in memory. A size of none is an argument of the call.
#[derive(Clone, Copy)]
struct Whole {
    size: Option<usize>,
    signed: bool,
    order: Order,
}

#[derive(Clone, Copy)]
struct Fraction {
    double: bool,
    order: Order,
}

pub(super) fn install<'js>(prototype: &Object<'js>) -> Result<()> {
    for (bits, size) in [("8", Some(1)), ("16", Some(2)), ("32", Some(4)), ("", None)] {
        for (sign, signed) in [("Int", true), ("UInt", false)] {
            for (suffix, order) in [("LE", Order::Little), ("BE", Order::Big)] {
                if size == Some(1) && order == Order::Big {
                    continue;
                }
                let suffix = if size == Some(1) { "" } else { suffix };
                install_whole(prototype, &format!("{sign}{bits}{suffix}"), Whole { size, signed, order })?;
            }
        }
    }
    for (name, double) in [("Float", false), ("Double", true)] {
        for (suffix, order) in [("LE", Order::Little), ("BE", Order::Big)] {
            let fraction = Fraction { double, order };
            method(prototype, &format!("read{name}{suffix}"), 1, move |call: &Call<'_, 'js>| {
                read_fraction(call, fraction)
            })?;
            method(prototype, &format!("write{name}{suffix}"), 1, move |call: &Call<'_, 'js>| {
                write_fraction(call, fraction)
            })?;
        }
    }
    Ok(())
}

fn install_whole<'js>(prototype: &Object<'js>, name: &str, layout: Whole) -> Result<()> {
    let arguments = if layout.size.is_none() { 2 } else { 1 };
    method(prototype, &format!("read{name}"), arguments, move |call: &Call<'_, 'js>| {
        read_whole(call, layout)
    })?;
    method(prototype, &format!("write{name}"), 1, move |call: &Call<'_, 'js>| write_whole(call, layout))
}

/// The size that a call names. njs takes 0 for the largest, but counts it as 0 in what it gives back.
fn named_size(call: &Call<'_, '_>, offset: usize) -> Result<usize> {
    let Some(size) = call.arg(offset).as_number() else {
        return Err(Exception::throw_type(call.ctx(), "\"byteLength\" is not a number"));
    };
    match usize::try_from(whole(size)) {
        _ if size.is_infinite() => Ok(0),
        Ok(size) if size <= WIDEST && !call.arg(offset).as_number().is_some_and(f64::is_nan) => Ok(size),
        Ok(_) | Err(_) => Err(Exception::throw_type(call.ctx(), "\"byteLength\" must be <= 6")),
    }
}

fn check_bounds(call: &Call<'_, '_>, array: &Bytes<'_>, offset: usize, size: usize) -> Result<()> {
    if offset.saturating_add(size) <= array.len()? {
        return Ok(());
    }
    Err(Exception::throw_range(call.ctx(), &format!("index {offset} is outside the bound of the buffer")))
}

fn read_whole<'js>(call: &Call<'_, 'js>, layout: Whole) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let offset = to_index(ctx, call.arg(0))?;
    let size = match layout.size {
        Some(size) => size,
        None => named_size(call, 1)?,
    };
    let size = if size == 0 { WIDEST } else { size };
    let bytes = read(call, &array, offset, size, layout.order)?;
    let negative = layout.signed && bytes.last().is_some_and(|highest| *highest >= 0x80);
    let mut number = if negative { [0xff; 8] } else { [0; 8] };
    for (to, from) in number.iter_mut().zip(&bytes) {
        *to = *from;
    }
    Ok(Value::new_number(ctx.clone(), float(i64::from_le_bytes(number))))
}

/// The bytes of a number, the lowest first.
fn read(call: &Call<'_, '_>, array: &Bytes<'_>, offset: usize, size: usize, order: Order) -> Result<Vec<u8>> {
    check_bounds(call, array, offset, size)?;
    let mut bytes = array.read_range(offset, offset + size)?;
    if order == Order::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

fn write<'js>(
    call: &Call<'_, 'js>,
    array: &Bytes<'js>,
    offset: usize,
    bytes: &[u8],
    order: Order,
) -> Result<()> {
    check_bounds(call, array, offset, bytes.len())?;
    let mut bytes = bytes.to_vec();
    if order == Order::Big {
        bytes.reverse();
    }
    array.write(offset, &bytes)
}

fn write_whole<'js>(call: &Call<'_, 'js>, layout: Whole) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let number = to_integer(ctx, call.arg(0))?.to_le_bytes();
    let offset = to_index(ctx, call.arg(1))?;
    let size = match layout.size {
        Some(size) => size,
        None => named_size(call, 2)?,
    };
    let kept = if size == 0 { WIDEST } else { size };
    write(call, &array, offset, number.get(..kept).unwrap_or_default(), layout.order)?;
    Ok(count(ctx, offset + size))
}

fn read_fraction<'js>(call: &Call<'_, 'js>, layout: Fraction) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let offset = to_index(ctx, call.arg(0))?;
    let bytes = read(call, &array, offset, if layout.double { 8 } else { 4 }, layout.order)?;
    let number = match (<[u8; 8]>::try_from(bytes.as_slice()), <[u8; 4]>::try_from(bytes.as_slice())) {
        (Ok(bytes), _) => f64::from_le_bytes(bytes),
        (Err(_), Ok(bytes)) => f64::from(f32::from_le_bytes(bytes)),
        (Err(_), Err(_)) => f64::NAN,
    };
    // The engine would turn a whole number into an integer, which cannot be -0.
    let negative_zero = number == 0.0 && number.is_sign_negative();
    let make = if negative_zero { Value::new_float } else { Value::new_number };
    Ok(make(ctx.clone(), number))
}

/// In njs this gives nothing back.
fn write_fraction<'js>(call: &Call<'_, 'js>, layout: Fraction) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let array = Bytes::argument(ctx, &call.this(), "this")?;
    let number = to_number(ctx, call.arg(0))?;
    let offset = to_index(ctx, call.arg(1))?;
    let bytes =
        if layout.double { number.to_le_bytes().to_vec() } else { single(number).to_le_bytes().to_vec() };
    write(call, &array, offset, &bytes, layout.order)?;
    Ok(call.undefined())
}
