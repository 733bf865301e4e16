//! Parses dates as njs 0.7.9 does. (0.8.0, which is later than runtime 2.0, reads offsets in the ISO form too.)
//!
//! There are three forms, and no number in them is checked for its range: 31 February is a day of March.
//! - `2024`, `2024-02`, `2024-02-15`, `2024-02-15T09:00`, `…:00`, `….123`, `…Z`; years may have a sign and six digits
//! - `[Thu, ]15 Feb 2024[ 09:00[:00[ GMT]]]`, or ` UTC` or ` +0900` at the end, with anything behind
//! - `[Thu ]Feb 15 2024[ 09:00[:00[ GMT+0900]]]`, with anything behind

use super::show::{MONTHS, MS_PER_DAY, day_of};

/// The moment that a text stands for, in milliseconds since the epoch, not yet checked for the range of dates.
pub(super) fn moment(text: &str) -> Option<i64> {
    let reader = Reader { rest: text.as_bytes() };
    match iso_year(reader) {
        Some((year, rest)) => iso(year?, rest),
        None => words(reader),
    }
}

/// The numbers of a date, month from 0.
#[derive(Clone, Copy)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    /// Within the day, in milliseconds.
    time_ms: i64,
}

impl Parts {
    fn moment(self) -> i64 {
        (day_of(self.year, self.month) + self.day - 1) * MS_PER_DAY + self.time_ms
    }
}

/// Bytes that are left to read.
#[derive(Clone, Copy)]
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn is_at_end(self) -> bool {
        self.rest.is_empty()
    }

    fn first(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The reader behind a byte, where that byte comes next.
    fn past(self, byte: u8) -> Option<Reader<'a>> {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => Some(Reader { rest }),
            _ => None,
        }
    }

    /// The reader behind a word, where that word comes next.
    fn past_word(self, word: &str) -> Option<Reader<'a>> {
        self.rest.strip_prefix(word.as_bytes()).map(|rest| Reader { rest })
    }

    /// Exactly so many digits.
    fn number(self, digits: usize) -> Option<(i64, Reader<'a>)> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        let mut value = 0;
        for digit in number {
            value = value * 10 + i64::from(char::from(*digit).to_digit(10)?);
        }
        Some((value, Reader { rest }))
    }

    /// Passes one space or more.
    fn past_spaces(self) -> Option<Reader<'a>> {
        let mut reader = self.past(b' ')?;
        while let Some(next) = reader.past(b' ') {
            reader = next;
        }
        Some(reader)
    }

    /// Passes spaces; without one, there must be nothing more.
    fn past_spaces_or_end(self) -> Option<Reader<'a>> {
        if self.is_at_end() { Some(self) } else { self.past_spaces() }
    }

    fn month(self) -> Option<(i64, Reader<'a>)> {
        (0..).zip(MONTHS).find_map(|(month, name)| Some((month, self.past_word(name)?)))
    }

    /// `09:00`, `09:00:00`: milliseconds in the day, and whether seconds were told.
    fn time(self) -> Option<(i64, bool, Reader<'a>)> {
        let (hours, rest) = self.number(2)?;
        let (minutes, rest) = rest.past(b':')?.number(2)?;
        let (seconds, told, rest) = match rest.past(b':') {
            None => (0, false, rest),
            Some(rest) => {
                let (seconds, rest) = rest.number(2)?;
                (seconds, true, rest)
            }
        };
        Some((((hours * 60 + minutes) * 60 + seconds) * 1000, told, rest))
    }

    /// `+0900`, in milliseconds.
    fn offset(self) -> Option<(i64, Reader<'a>)> {
        let sign = match self.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, rest) = Reader { rest: self.rest.get(1..)? }.number(2)?;
        let (minutes, rest) = rest.number(2)?;
        Some((sign * (hours * 60 + minutes) * 60_000, rest))
    }
}

/// A year with which the ISO form begins; the inner `None` is a year that there is not.
fn iso_year(reader: Reader<'_>) -> Option<(Option<i64>, Reader<'_>)> {
    let (sign, unsigned) = match reader.first()? {
        b'+' => (1, Reader { rest: reader.rest.get(1..)? }),
        b'-' => (-1, Reader { rest: reader.rest.get(1..)? }),
        _ => (1, reader),
    };
    let Some((year, rest)) = unsigned.number(6) else {
        // With four digits a sign is passed over.
        return unsigned.number(4).map(|(year, rest)| (Some(year), rest));
    };
    let is_negative_zero = sign < 0 && year == 0;
    Some(((!is_negative_zero).then_some(sign * year), rest))
}

fn iso(year: i64, reader: Reader<'_>) -> Option<i64> {
    let mut parts = Parts { year, month: 0, day: 1, time_ms: 0 };
    if reader.is_at_end() {
        return Some(parts.moment());
    }
    let (month, reader) = reader.past(b'-')?.number(2)?;
    parts.month = month - 1;
    if reader.is_at_end() {
        return Some(parts.moment());
    }
    let (day, reader) = reader.past(b'-')?.number(2)?;
    parts.day = day;
    if reader.is_at_end() {
        return Some(parts.moment());
    }
    let (time_ms, seconds_told, mut reader) = reader.past(b'T')?.time()?;
    parts.time_ms = time_ms;
    if let Some(fraction) = reader.past(b'.').filter(|_| seconds_told) {
        let (ms, rest) = milliseconds(fraction)?;
        parts.time_ms += ms;
        reader = rest;
    }
    let rest = reader.past(b'Z').unwrap_or(reader);
    rest.is_at_end().then(|| parts.moment())
}

/// Any number of digits, of which three count.
fn milliseconds(reader: Reader<'_>) -> Option<(i64, Reader<'_>)> {
    let digits = reader.rest.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let (ms, _) = reader.number(digits.min(3))?;
    let scale = match digits {
        0 => return None,
        1 => 100,
        2 => 10,
        _ => 1,
    };
    Some((ms * scale, Reader { rest: reader.rest.get(digits..)? }))
}

/// The forms with names of months.
fn words(reader: Reader<'_>) -> Option<i64> {
    let begins = if reader.number(2).is_some() || reader.month().is_some() {
        reader
    } else {
        // The day of the week may be any word.
        let word = reader.rest.iter().position(|byte| *byte == b' ')?;
        Reader { rest: reader.rest.get(word..)? }.past_spaces()?
    };
    match begins.number(2) {
        Some((day, rest)) => mail(day, rest),
        None => shown(begins),
    }
}

/// The form of RFC 2822, behind the day.
fn mail(day: i64, reader: Reader<'_>) -> Option<i64> {
    let (month, reader) = reader.past_spaces()?.month()?;
    let (year, reader) = reader.past_spaces()?.number(4)?;
    let mut parts = Parts { year, month, day, time_ms: 0 };
    let reader = timed(reader, &mut parts)?;
    if reader.is_at_end() {
        return Some(parts.moment());
    }
    if reader.past_word("GMT").or_else(|| reader.past_word("UTC")).is_some() {
        return Some(parts.moment());
    }
    let (offset_ms, _) = reader.offset()?;
    Some(parts.moment() - offset_ms)
}

/// The form that `Date.prototype.toString` writes.
fn shown(reader: Reader<'_>) -> Option<i64> {
    let (month, reader) = reader.month()?;
    let (day, reader) = reader.past_spaces()?.number(2)?;
    let (year, reader) = reader.past_spaces()?.number(4)?;
    let mut parts = Parts { year, month, day, time_ms: 0 };
    let reader = timed(reader, &mut parts)?;
    if reader.is_at_end() {
        return Some(parts.moment());
    }
    let (offset_ms, _) = reader.past_word("GMT")?.offset()?;
    Some(parts.moment() - offset_ms)
}

/// Reads the time, where there is one, and gives what follows it.
fn timed<'a>(reader: Reader<'a>, parts: &mut Parts) -> Option<Reader<'a>> {
    let reader = reader.past_spaces_or_end()?;
    if reader.is_at_end() {
        return Some(reader);
    }
    let (time_ms, seconds_told, reader) = reader.time()?;
    parts.time_ms = time_ms;
    if !seconds_told {
        return reader.is_at_end().then_some(reader);
    }
    reader.past_spaces_or_end()
}
