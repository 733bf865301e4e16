//! Formats the times of the service.

use aws_sdk_cloudfront::primitives::DateTime;

/// A time in UTC with exactly three digits of the second, which is what the service keeps.
pub(crate) fn timestamp(time: &DateTime) -> String {
    // The data plane writes it as a fraction, which is not exact.
    let rounded = i64::from(time.subsec_nanos()) + 500_000;
    let milliseconds = time.secs() * 1_000 + rounded / 1_000_000;
    let whole = DateTime::from_secs(milliseconds.div_euclid(1_000)).to_string();
    format!("{}.{:03}Z", whole.trim_end_matches('Z'), milliseconds.rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_digits_of_its_second() {
        for (seconds, nanoseconds, shown) in [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (1_763_848_504, 320_000_000, "2025-11-22T21:55:04.320Z"),
            (1_763_848_504, 82_999_999, "2025-11-22T21:55:04.083Z"),
            (1_763_848_504, 999_999_999, "2025-11-22T21:55:05.000Z"),
        ] {
            assert_eq!(timestamp(&DateTime::from_secs_and_nanos(seconds, nanoseconds)), shown);
        }
    }
}
