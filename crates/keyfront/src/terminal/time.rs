//! Points in time and durations: parses them from arguments and formats them for a person.

use std::str::FromStr;

use keyfront_api::Clock;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::clock::SystemClock;

/// A point in time, as an argument names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeArgument {
    /// So many seconds after the epoch.
    At(u64),
    /// So many seconds after now.
    FromNow(u64),
}

impl TimeArgument {
    /// Seconds after the epoch.
    pub(crate) fn resolve(self, now: u64) -> u64 {
        match self {
            TimeArgument::At(seconds) => seconds,
            TimeArgument::FromNow(seconds) => now.saturating_add(seconds),
        }
    }
}

impl FromStr for TimeArgument {
    type Err = String;

    /// Reads what the AWS CLI's `--date-less-than` takes, and a duration from now such as `1h30m`.
    fn from_str(text: &str) -> Result<TimeArgument, String> {
        let utc = |date: PrimitiveDateTime| date.assume_utc();
        let day = format_description!("[year]-[month]-[day]");
        let time = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        let date = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_reason| PrimitiveDateTime::parse(text, time).map(utc))
            .or_else(|_reason| Date::parse(text, day).map(|date| utc(date.midnight())));
        let named = date.ok().and_then(|date| u64::try_from(date.unix_timestamp()).ok());
        let epoch = || text.parse().ok();
        let time = named
            .or_else(epoch)
            .map(TimeArgument::At)
            .or_else(|| parse_duration(text).map(TimeArgument::FromNow));
        time.ok_or_else(|| {
            "write it as 2026-12-31T00:00:00Z, as 2026-12-31, as seconds since 1970, or as a duration from now \
             such as 90s, 1h30m or 7d"
                .to_owned()
        })
    }
}

/// Whole seconds of a duration such as `1h30m`.
fn parse_duration(text: &str) -> Option<u64> {
    let duration = humantime::parse_duration(text).ok()?;
    (duration.subsec_nanos() == 0).then_some(duration.as_secs())
}

/// The time of day in seconds after the epoch.
pub(crate) fn now() -> u64 {
    u64::try_from(SystemClock.now().unix_timestamp()).unwrap_or_default()
}

/// A point in time in UTC, such as `2026-12-31T00:00:00Z`.
pub(crate) fn format_utc(seconds: u64) -> String {
    let date = i64::try_from(seconds).ok().and_then(|s| OffsetDateTime::from_unix_timestamp(s).ok());
    let text = date.and_then(|date| date.format(&Rfc3339).ok());
    text.unwrap_or_else(|| format!("second {seconds} after 1970, which no calendar has"))
}

/// A duration in its two largest units, rounded down: `3 h 12 min`.
pub(crate) fn format_duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let plural = if days == 1 { "" } else { "s" };
    let parts = [
        (days, format!("{days} day{plural}")),
        (hours, format!("{hours} h")),
        (minutes, format!("{minutes} min")),
        (seconds % 60, format!("{} s", seconds % 60)),
    ];
    let from_first = parts.iter().skip_while(|(amount, _)| *amount == 0).take(2);
    let words: Vec<&str> =
        from_first.filter(|(amount, _)| *amount > 0).map(|(_, words)| words.as_str()).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_date_seconds_or_a_duration_from_now() {
        for (text, expected) in [
            ("2026-01-01T18:00:00Z", Some(TimeArgument::At(1_767_290_400))),
            ("2026-01-01T19:00:00+01:00", Some(TimeArgument::At(1_767_290_400))),
            ("2026-01-01T18:00:00", Some(TimeArgument::At(1_767_290_400))),
            ("2026-01-01", Some(TimeArgument::At(1_767_225_600))),
            ("1767290400", Some(TimeArgument::At(1_767_290_400))),
            ("90s", Some(TimeArgument::FromNow(90))),
            ("1h30m", Some(TimeArgument::FromNow(5_400))),
            ("2w1d", Some(TimeArgument::FromNow(1_296_000))),
            ("", None),
            ("h", None),
            ("1", Some(TimeArgument::At(1))),
            ("-1h", None),
            ("1h30", None),
            ("1x", None),
            ("100ms", None),
            ("99999999999999999999s", None),
            ("9999999999999999999w", None),
            ("1960-01-01", None),
            ("2026-02-30", None),
        ] {
            assert_eq!(text.parse::<TimeArgument>().ok(), expected, "{text}");
        }
        assert_eq!(TimeArgument::FromNow(5).resolve(100), 105);
        assert_eq!(TimeArgument::At(5).resolve(100), 5);
    }

    #[test]
    fn durations_and_times_are_formatted() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (3_600, "1 h"),
            (3_601, "1 h"),
            (11_520, "3 h 12 min"),
            (86_400, "1 day"),
            (200_000, "2 days 7 h"),
        ] {
            assert_eq!(format_duration(seconds), words);
        }
        assert_eq!(format_utc(1_767_290_400), "2026-01-01T18:00:00Z");
        assert!(format_utc(u64::MAX).starts_with("second 18446744073709551615"));
    }
}
