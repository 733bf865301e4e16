//! Methods of strings whose results differ between njs and the engine.

use rquickjs::atom::PredefinedAtom;
use rquickjs::function::{Opt, This};
use rquickjs::{Array, Coerced, Constructor, Ctx, Exception, Function, Object, String as JsString, Value};

use super::method;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let prototype = prototype(ctx)?;
    method(&prototype, "match", 1, Function::new(ctx.clone(), matches)?)?;
    method(&prototype, "codePointAt", 1, Function::new(ctx.clone(), code_point_at)?)
}

fn prototype<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
    ctx.globals().get::<_, Object<'js>>("String")?.get(PredefinedAtom::Prototype)
}

/// `match`, which in njs gives an empty list where a global expression matches nothing.
fn matches<'js>(
    ctx: Ctx<'js>,
    string: This<Value<'js>>,
    pattern: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    check(&ctx, &string)?;
    let pattern = pattern.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    let (regexp, find) = match pattern.as_object().map(|object| (object, finder(object))) {
        Some((regexp, Ok(Some(find)))) => (regexp.clone(), find),
        Some((_, Err(thrown))) => return Err(thrown),
        Some((_, Ok(None))) | None => {
            let regexp = ctx.globals().get::<_, Constructor<'js>>("RegExp")?;
            let regexp: Object<'js> = regexp.construct((pattern,))?;
            let find = regexp.get(PredefinedAtom::SymbolMatch)?;
            (regexp, find)
        }
    };
    let found: Value<'js> = find.call((This(regexp.clone()), string.0))?;
    if found.is_null() && regexp.get::<_, Coerced<bool>>("global")?.0 {
        return Ok(Array::new(ctx)?.into_value());
    }
    Ok(found)
}

/// How an object finds itself in a string, if it can.
fn finder<'js>(pattern: &Object<'js>) -> rquickjs::Result<Option<Function<'js>>> {
    Ok(pattern.get::<_, Value<'js>>(PredefinedAtom::SymbolMatch)?.into_function())
}

/// `codePointAt`, which in njs gives NaN beyond the string.
fn code_point_at<'js>(
    ctx: Ctx<'js>,
    string: This<Value<'js>>,
    index: Opt<Value<'js>>,
) -> rquickjs::Result<f64> {
    check(&ctx, &string)?;
    let string = string.0.get::<Coerced<JsString<'js>>>()?.0;
    let index = match index.0 {
        Some(index) => index.get::<Coerced<f64>>()?.0,
        None => 0.0,
    };
    let index = if index.is_nan() { 0.0 } else { index.trunc() };
    let unit_at: Function<'js> = prototype(&ctx)?.get("charCodeAt")?;
    let first: f64 = unit_at.call((This(string.clone()), index))?;
    if !(HIGH..LOW).contains(&first) {
        return Ok(first);
    }
    let second: f64 = unit_at.call((This(string), index + 1.0))?;
    let is_pair = (LOW..BEHIND_LOW).contains(&second);
    Ok(if is_pair { (first - HIGH) * 1024.0 + (second - LOW) + 65_536.0 } else { first })
}

/// Where the first halves of surrogate pairs begin.
const HIGH: f64 = 55_296.0;

/// Where the second halves begin.
const LOW: f64 = 56_320.0;

/// Where they end.
const BEHIND_LOW: f64 = 57_344.0;

/// `undefined` and `null` have no methods.
fn check(ctx: &Ctx<'_>, string: &Value<'_>) -> rquickjs::Result<()> {
    if string.is_undefined() || string.is_null() {
        return Err(Exception::throw_type(ctx, "cannot convert undefined to object"));
    }
    Ok(())
}
