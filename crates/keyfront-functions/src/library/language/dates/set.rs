//! The setters of `Date`. Given anything but a finite number, the engine's leave the date as it was; by the
//! standard, and in njs, the date becomes invalid.

use rquickjs::function::{Rest, This};
use rquickjs::{Coerced, Ctx, Function, Object, Value};

use super::super::method;
use super::show::{MS_PER_DAY, Moment, day_of};
use super::{MAX_MS, number, own_time};

/// What the names of setters end with, which component each sets first, and how many it can set.
const SETTERS: &[(&str, usize, usize)] = &[
    ("FullYear", 0, 3),
    ("Month", 1, 2),
    ("Date", 2, 1),
    ("Hours", 3, 4),
    ("Minutes", 4, 3),
    ("Seconds", 5, 2),
    ("Milliseconds", 6, 1),
];

/// The setters that go by UTC.
pub(super) fn install<'js>(ctx: &Ctx<'js>, prototype: &Object<'js>) -> rquickjs::Result<()> {
    for (part, first, count) in SETTERS {
        let set = move |ctx: Ctx<'js>, date: This<Value<'js>>, arguments: Rest<Value<'js>>| {
            set(&ctx, &date.0, *first, arguments.get(..*count).unwrap_or(&arguments))
        };
        method(prototype, &format!("setUTC{part}"), *count, Function::new(ctx.clone(), set)?)?;
    }
    Ok(())
}

/// Sets components from the `first` on. Gives the date's new time.
fn set<'js>(
    ctx: &Ctx<'js>,
    date: &Value<'js>,
    first: usize,
    arguments: &[Value<'js>],
) -> rquickjs::Result<f64> {
    let before = own_time(ctx, date)?;
    let mut given = Vec::new();
    for argument in arguments {
        given.push(argument.get::<Coerced<f64>>()?.0);
    }
    // A year makes an invalid date valid, at the epoch's day.
    let moment = Moment::of(if before.is_nan() && first == 0 { 0.0 } else { before });
    let after = match moment {
        Some(moment) if !given.is_empty() => {
            let mut components = moment.components().map(number);
            for (component, given) in components.iter_mut().skip(first).zip(given) {
                *component = given.trunc();
            }
            time(components)
        }
        _ => f64::NAN,
    };
    match date.as_object() {
        Some(object) => object.get::<_, Function<'js>>("setTime")?.call((This(object.clone()), after)),
        None => Ok(f64::NAN),
    }
}

/// The time of components, of which each may be beyond its range; NaN where no date reaches.
fn time([year, month, day, hours, minutes, seconds, milliseconds]: [f64; 7]) -> f64 {
    let years = year + (month / 12.0).floor();
    let Some(first_of_month) = whole(years).zip(whole(month.rem_euclid(12.0))).map(|(y, m)| day_of(y, m))
    else {
        return f64::NAN;
    };
    let days = number(first_of_month) + day - 1.0;
    let of_day = hours * 3_600_000.0 + minutes * 60_000.0 + seconds * 1000.0 + milliseconds;
    let time = days * number(MS_PER_DAY) + of_day;
    if time.abs() <= MAX_MS { time } else { f64::NAN }
}

/// A whole number; `None` for NaN and for what is far beyond the years of a date.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the range is checked, the number is whole"
)]
fn whole(number: f64) -> Option<i64> {
    (number.abs() <= FARTHEST_YEAR).then_some(number as i64)
}

/// Dates reach to the year 275,760; days may lead back from beyond it.
const FARTHEST_YEAR: f64 = 1e7;
