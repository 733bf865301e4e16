//! Converts arguments as njs does, with njs's messages where that fails. Converting may run code of the function.

use rquickjs::convert::Coerced;
use rquickjs::{Array, Ctx, Exception, FromJs, Result, String as JsString, Value};

use super::registry::{COST_OF_ELEMENT, charge};

/// The largest index: 2^53 - 1.
const MOST: i64 = (1 << 53) - 1;

/// What JavaScript's `Number(value)` gives.
pub(super) fn to_number<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<f64> {
    if let Some(number) = value.as_number() {
        return Ok(number);
    }
    if value.is_symbol() {
        return Err(Exception::throw_type(ctx, "Cannot convert a Symbol value to a number"));
    }
    Ok(Coerced::<f64>::from_js(ctx, value)?.0)
}

/// What JavaScript's `String(value)` gives, but for symbols.
pub(super) fn to_string<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<JsString<'js>> {
    if value.is_symbol() {
        return Err(Exception::throw_type(ctx, "Cannot convert a Symbol value to a string"));
    }
    Ok(Coerced::<JsString<'js>>::from_js(ctx, value)?.0)
}

/// The number without its fraction; 0 for NaN, the largest integer for what is larger.
pub(super) fn to_integer<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<i64> {
    Ok(whole(to_number(ctx, value)?))
}

/// An index into something; `undefined` is 0.
pub(super) fn to_index<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<usize> {
    if value.is_undefined() {
        return Ok(0);
    }
    let index = to_integer(ctx, value)?;
    if !(0..=MOST).contains(&index) {
        return Err(Exception::throw_range(ctx, "invalid index"));
    }
    Ok(usize::try_from(index).unwrap_or(usize::MAX))
}

/// An index as [`to_index`] reads it, or what stands for `undefined`.
pub(super) fn to_index_or<'js>(ctx: &Ctx<'js>, value: Value<'js>, absent: usize) -> Result<usize> {
    if value.is_undefined() { Ok(absent) } else { to_index(ctx, value) }
}

/// A length: less than nothing is nothing.
pub(super) fn to_length<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<usize> {
    let length = to_integer(ctx, value)?.clamp(0, MOST);
    Ok(usize::try_from(length).unwrap_or(usize::MAX))
}

/// What is kept of a number in a byte.
pub(super) fn low_byte(number: f64) -> u8 {
    let [low, ..] = whole(number.trunc().rem_euclid(4_294_967_296.0)).to_le_bytes();
    low
}

/// A float without its fraction.
pub(super) fn whole(number: f64) -> i64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the cast of a float saturates, and makes 0 of NaN"
    )]
    let whole = number as i64;
    whole
}

/// A whole number of at most 53 bits as a float, which loses nothing.
pub(super) fn float(number: i64) -> f64 {
    let high = i32::try_from(number >> 32).unwrap_or_default();
    let low = u32::try_from(number & 0xffff_ffff).unwrap_or_default();
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// A float with the precision of four bytes.
pub(super) fn single(number: f64) -> f32 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "losing precision is what it is for"
    )]
    let single = number as f32;
    single
}

/// A count as the number that the code gets.
pub(super) fn count<'js>(ctx: &Ctx<'js>, count: usize) -> Value<'js> {
    Value::new_number(ctx.clone(), float(i64::try_from(count).unwrap_or(MOST)))
}

/// The length of an array. The engine's own way to ask cannot tell one of more than 31 bits, and an array of which
/// most is empty may have it; going through such an array is charged before it begins.
pub(super) fn length(ctx: &Ctx<'_>, array: &Array<'_>) -> Result<usize> {
    let length = usize::try_from(whole(array.as_object().get("length")?)).unwrap_or(usize::MAX);
    charge(ctx, length.saturating_mul(COST_OF_ELEMENT))?;
    Ok(length)
}
