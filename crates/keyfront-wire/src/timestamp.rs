//! Formats timestamps for the wire.

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const ISO8601: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// ISO 8601 in UTC with milliseconds, such as `2023-11-07T18:15:52.042Z`, from milliseconds since the epoch.
pub fn iso8601(milliseconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000);
    // Only moments outside the years -9999 to 9999 fail, which no clock reaches.
    moment.ok().and_then(|moment| moment.format(ISO8601).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_are_written_with_milliseconds_in_utc() {
        assert_eq!(super::iso8601(1_699_380_952_042), "2023-11-07T18:15:52.042Z");
        assert_eq!(super::iso8601(0), "1970-01-01T00:00:00.000Z");
    }
}
