//! Formats dates as njs does, where the engine's own methods differ.

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(super) const MS_PER_DAY: i64 = 86_400_000;

/// A valid moment, in milliseconds since the epoch.
#[derive(Clone, Copy, Default)]
pub(super) struct Moment(i64);

impl Moment {
    /// The moment that a number stands for; none for NaN and for what no date reaches.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the range is checked, dates are whole"
    )]
    pub(super) fn of(ms: f64) -> Option<Moment> {
        (ms.abs() <= super::MAX_MS).then_some(Moment(ms as i64))
    }

    /// Year, month from 0, day, hours, minutes, seconds and milliseconds.
    pub(super) fn components(self) -> [i64; 7] {
        let (year, month, day) = civil(self.0.div_euclid(MS_PER_DAY));
        let of_day = self.0.rem_euclid(MS_PER_DAY);
        let (hours, minutes, seconds) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
        [year, month - 1, day, hours, minutes, seconds, of_day % 1000]
    }
}

/// `Thu Feb 15 2024 09:00:00 GMT+0000`.
pub(super) fn full(moment: Moment) -> String {
    format!("{} {}", date(moment), time(moment))
}

/// `Thu Feb 15 2024`.
pub(super) fn date(Moment(ms): Moment) -> String {
    let days = ms.div_euclid(MS_PER_DAY);
    let (year, month, day) = civil(days);
    let name = |names: &[&'static str], index: i64| {
        usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
    };
    let sign = if year < 0 { "-" } else { "" };
    // The epoch was a Thursday.
    let week_day = name(&DAYS, (days + 4).rem_euclid(7));
    format!("{week_day} {} {day:02} {sign}{:04}", name(&MONTHS, month - 1), year.abs())
}

/// `09:00:00 GMT+0000`.
pub(super) fn time(Moment(ms): Moment) -> String {
    let seconds = ms.rem_euclid(MS_PER_DAY) / 1000;
    format!("{:02}:{:02}:{:02} GMT+0000", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Year, month from 1 and day of a day since the epoch, in the proleptic Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of a year; 400 years have 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day since the epoch of the first of a month, where `month` counts from 0 and may be beyond the year.
pub(super) fn day_of(year: i64, month: i64) -> i64 {
    let year = year + month.div_euclid(12);
    let month = month.rem_euclid(12) + 1;
    let shifted = if month <= 2 { year - 1 } else { year };
    let month_from_march = if month <= 2 { month + 9 } else { month - 3 };
    let year_of_era = shifted.rem_euclid(400);
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month_from_march + 2) / 5;
    shifted.div_euclid(400) * 146_097 + day_of_era - 719_468
}
