//! `Date` as in njs: the time stands still during an invocation, the zone is UTC whatever the server's is, and texts
//! are parsed and formatted as njs does.

mod parse;
mod set;
mod show;

use rquickjs::function::{Opt, Rest, This};
use rquickjs::{Coerced, Constructor, Ctx, Exception, Function, Object, Value};

use super::{method, replace_constructor, text};
use crate::invocation_state::InvocationState;
use show::Moment;

/// The farthest moment from the epoch in either direction, in milliseconds (ECMA-262, time range).
const MAX_MS: f64 = 8.64e15;

/// Methods that would go by the server's zone; each has a twin that goes by UTC.
const LOCAL: &[(&str, &str)] = &[
    ("getDate", "getUTCDate"),
    ("getDay", "getUTCDay"),
    ("getFullYear", "getUTCFullYear"),
    ("getHours", "getUTCHours"),
    ("getMilliseconds", "getUTCMilliseconds"),
    ("getMinutes", "getUTCMinutes"),
    ("getMonth", "getUTCMonth"),
    ("getSeconds", "getUTCSeconds"),
    ("setDate", "setUTCDate"),
    ("setFullYear", "setUTCFullYear"),
    ("setHours", "setUTCHours"),
    ("setMilliseconds", "setUTCMilliseconds"),
    ("setMinutes", "setUTCMinutes"),
    ("setMonth", "setUTCMonth"),
    ("setSeconds", "setUTCSeconds"),
];

type Show = fn(Moment) -> String;

/// Methods that show a date, and what they show; njs knows no locales.
const SHOWN: &[(&str, Show)] = &[
    ("toString", show::full),
    ("toDateString", show::date),
    ("toTimeString", show::time),
    ("toLocaleString", show::full),
    ("toLocaleDateString", show::date),
    ("toLocaleTimeString", show::time),
];

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let date = replace_constructor(ctx, "Date", &["UTC"], Function::new(ctx.clone(), asked)?)?;
    method(&date, "now", 0, Function::new(ctx.clone(), now)?)?;
    method(&date, "parse", 1, Function::new(ctx.clone(), parse_argument)?)?;

    let prototype: Object<'_> = date.get("prototype")?;
    set::install(ctx, &prototype)?;
    for (local, utc) in LOCAL {
        let twin: Value<'_> = prototype.get(*utc)?;
        super::hidden(&prototype, local, twin)?;
    }
    for (name, show) in SHOWN {
        let shown = move |ctx: Ctx<'_>, date: This<Value<'_>>| shown(&ctx, &date.0, *show);
        method(&prototype, name, 0, Function::new(ctx.clone(), shown)?)?;
    }
    method(&prototype, "getTimezoneOffset", 0, Function::new(ctx.clone(), offset)?)?;
    method(&prototype, "toJSON", 1, Function::new(ctx.clone(), to_json)?)
}

fn now(ctx: Ctx<'_>) -> f64 {
    ctx.userdata::<InvocationState>().map_or(0.0, |state| number(state.now_ms))
}

/// A moment as a number. Moments within the range of dates are exact.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "From is not implemented, and the range fits 53 bits"
)]
fn number(ms: i64) -> f64 {
    ms as f64
}

fn parse_argument<'js>(ctx: Ctx<'js>, argument: Opt<Value<'js>>) -> rquickjs::Result<f64> {
    match argument.0 {
        None => Ok(f64::NAN),
        Some(argument) => Ok(parsed(&text::coerced(&ctx, &argument)?)),
    }
}

fn parsed(text: &str) -> f64 {
    match parse::moment(text) {
        Some(ms) if number(ms).abs() <= MAX_MS => number(ms),
        _ => f64::NAN,
    }
}

/// `Date(…)` and `new Date(…)`.
fn asked<'js>(
    ctx: Ctx<'js>,
    new_target: This<Value<'js>>,
    original: Constructor<'js>,
    arguments: Rest<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    if !new_target.is_function() {
        let now = show::full(Moment::of(now(ctx.clone())).unwrap_or_default());
        return rquickjs::IntoJs::into_js(now, &ctx);
    }
    let ms = match arguments.as_slice() {
        [] => now(ctx.clone()),
        [one] => single(&ctx, &original, one)?,
        // Components are of the zone, which is UTC.
        _ => original.get::<_, Function<'js>>("UTC")?.call((Rest(arguments.into_inner()),))?,
    };
    original.construct((ms,))
}

fn single<'js>(ctx: &Ctx<'js>, original: &Constructor<'js>, argument: &Value<'js>) -> rquickjs::Result<f64> {
    if let Some(object) = argument.as_object() {
        if object.is_instance_of(original) {
            return time_of(object);
        }
        let primitive: Value<'js> =
            object.get::<_, Function<'js>>("valueOf")?.call((This(object.clone()),))?;
        if !primitive.is_object() {
            return single(ctx, original, &primitive);
        }
    }
    if argument.is_number() || argument.is_bool() || argument.is_null() || argument.is_undefined() {
        return Ok(argument.get::<Coerced<f64>>()?.0);
    }
    Ok(parsed(&text::coerced(ctx, argument)?))
}

fn time_of(date: &Object<'_>) -> rquickjs::Result<f64> {
    date.get::<_, Function<'_>>("getTime")?.call((This(date.clone()),))
}

fn shown(ctx: &Ctx<'_>, date: &Value<'_>, show: Show) -> rquickjs::Result<String> {
    Ok(Moment::of(own_time(ctx, date)?).map_or_else(|| String::from("Invalid Date"), show))
}

fn offset<'js>(ctx: Ctx<'js>, date: This<Value<'js>>) -> rquickjs::Result<f64> {
    // An invalid date gives NaN; no date gives -0.
    Ok((own_time(&ctx, &date.0)? * 0.0).abs())
}

/// The time of a date that is the receiver of a method.
fn own_time(ctx: &Ctx<'_>, date: &Value<'_>) -> rquickjs::Result<f64> {
    match date.as_object() {
        Some(date) if date.get::<_, Value<'_>>("getTime")?.is_function() => time_of(date),
        _ => Err(Exception::throw_type(ctx, "cannot convert object to date")),
    }
}

/// Unlike the standard's, it throws for an invalid date.
fn to_json<'js>(date: This<Object<'js>>) -> rquickjs::Result<Value<'js>> {
    date.get::<_, Function<'js>>("toISOString")?.call((This(date.0.clone()),))
}
