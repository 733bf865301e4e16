//! The time of signing: `20261122T033132Z`, or what the `Date` header says, brought to that form.

use time::format_description::well_known::Rfc2822;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// A time of signing and its text in the string to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timestamp {
    text: String,
    at: OffsetDateTime,
}

impl Timestamp {
    /// ISO 8601 "basic format", which is exactly `YYYYMMDDTHHMMSSZ`.
    pub(super) fn parse_basic(text: &str) -> Option<Self> {
        let [year @ .., m1, m2, d1, d2, b'T', h1, h2, n1, n2, s1, s2, b'Z'] = text.as_bytes() else {
            return None;
        };
        let [y1, y2, y3, y4] = *year else { return None };
        let year = i32::from(two(y1, y2)?) * 100 + i32::from(two(y3, y4)?);
        let month = Month::try_from(two(*m1, *m2)?).ok()?;
        let date = Date::from_calendar_date(year, month, two(*d1, *d2)?).ok()?;
        let time = Time::from_hms(two(*h1, *h2)?, two(*n1, *n2)?, two(*s1, *s2)?).ok()?;
        Some(Self { text: text.to_owned(), at: PrimitiveDateTime::new(date, time).assume_utc() })
    }

    /// A `Date` header: the basic format, or the date of HTTP (RFC 9110, 5.6.7).
    pub(super) fn parse_date_header(text: &str) -> Option<Self> {
        Self::parse_basic(text).or_else(|| {
            let at = OffsetDateTime::parse(text, &Rfc2822).ok()?.checked_to_offset(UtcOffset::UTC)?;
            Some(Self { text: basic(at), at })
        })
    }

    /// The basic format, as it stands in the string to sign.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The day, `YYYYMMDD`.
    pub(super) fn date(&self) -> &str {
        self.text.get(..8).unwrap_or_default()
    }

    pub(super) fn at(&self) -> OffsetDateTime {
        self.at
    }
}

/// A time in the basic format.
pub(super) fn basic(at: OffsetDateTime) -> String {
    let at = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

#[cfg(test)]
mod tests;
