//! Values of conditions that are more than text: dates, numbers, booleans and address ranges.

use std::net::IpAddr;

use ipnet::IpNet;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};

/// A number in billionths, or a point in time in nanoseconds since 1970: exact, where a float is not.
pub(super) type Nanos = i128;

const DECIMALS: usize = 9;
const BILLION: Nanos = 1_000_000_000;

pub(super) fn from_whole(number: i64) -> Nanos {
    Nanos::from(number) * BILLION
}

/// A number: up to 18 digits, and up to 9 after the point.
pub(super) fn parse_number(text: &str) -> Option<Nanos> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |part: &str, longest: usize| {
        let fits =
            !part.is_empty() && part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<Nanos>().ok() } else { None }
    };
    let scale = (fraction.len()..DECIMALS).fold(1, |scale, _| scale * 10);
    let size = number(whole, 18)? * BILLION + number(fraction, DECIMALS)? * scale;
    Some(if negative { -size } else { size })
}

/// A date: `2026-08-21`, `2026-08-21T12:00:00Z` with any offset, or seconds since 1970.
pub(super) fn parse_instant(text: &str) -> Option<Nanos> {
    if let Ok(seconds) = text.parse::<i64>() {
        // A lone year is a date to W3C and half an hour past 1970 to a clock; which of the two is meant cannot be told.
        return (text.len() != 4).then_some(from_whole(seconds));
    }
    if text.contains('T') {
        return OffsetDateTime::parse(text, &Iso8601::DEFAULT).ok().map(OffsetDateTime::unix_timestamp_nanos);
    }
    let midnight = Date::parse(text, &Iso8601::DATE).ok()?.midnight();
    Some(midnight.assume_utc().unix_timestamp_nanos())
}

/// `true` or `false`, in any case.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    [true, false].into_iter().find(|value| text.eq_ignore_ascii_case(if *value { "true" } else { "false" }))
}

/// A range in CIDR notation, or one address.
pub(super) fn parse_range(text: &str) -> Option<IpNet> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(address.into()),
        Err(_) => text.parse().ok(),
    }
}
