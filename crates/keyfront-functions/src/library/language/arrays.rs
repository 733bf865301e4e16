//! `Array.from`, which in njs goes by the length of what it is given, whatever iterators that has.

use rquickjs::function::{Opt, This};
use rquickjs::object::Property;
use rquickjs::{Array, Coerced, Ctx, Exception, Function, Object, String as JsString, Value};

use super::{method, text};
use crate::meter::charge;

/// So many elements are charged as a step.
const ELEMENTS_PER_STEP: f64 = 4.0;

/// The largest length that an object may say it has: 2^53 - 1.
const LONGEST: f64 = 9_007_199_254_740_991.0;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let array: Object<'_> = ctx.globals().get("Array")?;
    method(&array, "from", 1, Function::new(ctx.clone(), from)?)
}

fn from<'js>(
    ctx: Ctx<'js>,
    constructor: This<Value<'js>>,
    items: Opt<Value<'js>>,
    map: Opt<Value<'js>>,
    this: Opt<Value<'js>>,
) -> rquickjs::Result<Object<'js>> {
    let not_callable = || Exception::throw_type(&ctx, "\"mapfn\" argument is not callable");
    let map = map.0.filter(|map| !map.is_undefined());
    let map = map.map(|map| map.into_function().ok_or_else(not_callable)).transpose()?;
    let this = this.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    let elements = Elements::of(&ctx, items.0)?;
    let length = elements.len();
    charge(&ctx, whole(f64::from(length) / ELEMENTS_PER_STEP))?;
    let list = result(&ctx, &constructor, length)?;
    for place in 0..length {
        let mut element = elements.get(&ctx, place)?;
        if let Some(map) = &map {
            element = map.call((This(this.clone()), element, place))?;
        }
        list.prop(place, Property::from(element).writable().enumerable().configurable())?;
    }
    list.set("length", length)?;
    Ok(list)
}

/// What the elements go into: what the constructor makes that `from` is called on, or an array.
fn result<'js>(ctx: &Ctx<'js>, constructor: &Value<'js>, length: u32) -> rquickjs::Result<Object<'js>> {
    let array: Value<'js> = ctx.globals().get("Array")?;
    match constructor.clone().into_constructor() {
        Some(other) if *constructor != array => other.construct((length,)),
        Some(_) | None => Ok(Array::new(ctx.clone())?.into_object()),
    }
}

/// What an array is made from.
enum Elements<'js> {
    /// A string, by its characters.
    Characters(Vec<char>),
    /// An object with a length.
    Members(Object<'js>, u32),
}

impl<'js> Elements<'js> {
    fn of(ctx: &Ctx<'js>, items: Option<Value<'js>>) -> rquickjs::Result<Elements<'js>> {
        let Some(items) = items.filter(|items| !items.is_undefined() && !items.is_null()) else {
            return Err(Exception::throw_type(ctx, "cannot convert null or undefined to object"));
        };
        if items.is_string() {
            return Ok(Elements::Characters(text::coerced(ctx, &items)?.chars().collect()));
        }
        // Numbers, booleans and symbols have no length.
        let Some(object) = items.into_object() else { return Ok(Elements::Characters(Vec::new())) };
        let length: Coerced<f64> = object.get("length")?;
        let length = if length.0.is_nan() { 0.0 } else { length.0.clamp(0.0, LONGEST).trunc() };
        if length > f64::from(u32::MAX) {
            return Err(Exception::throw_range(ctx, "Invalid array length"));
        }
        Ok(Elements::Members(object, u32::try_from(whole(length)).unwrap_or(u32::MAX)))
    }

    fn len(&self) -> u32 {
        match self {
            Elements::Characters(characters) => u32::try_from(characters.len()).unwrap_or(u32::MAX),
            Elements::Members(_, length) => *length,
        }
    }

    fn get(&self, ctx: &Ctx<'js>, place: u32) -> rquickjs::Result<Value<'js>> {
        match self {
            Elements::Members(object, _) => object.get(place),
            Elements::Characters(characters) => {
                let at = usize::try_from(place).unwrap_or(usize::MAX);
                let character = characters.get(at).map(char::to_string).unwrap_or_default();
                Ok(JsString::from_str(ctx.clone(), &character)?.into_value())
            }
        }
    }
}

/// A number that is not negative, without its fraction.
fn whole(number: f64) -> u64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast of a float saturates"
    )]
    let whole = number as u64;
    whole
}
