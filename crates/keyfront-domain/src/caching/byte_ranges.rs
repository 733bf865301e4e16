//! Which bytes of an object a `Range` header selects.
//!
//! CloudFront follows RFC 9110 §14, but more strictly: ranges ascend and do not overlap, and one invalid range makes
//! the whole object the answer (AWS: How CloudFront processes partial requests for an object). Whether `If-Range`
//! allows parts at all is for [`conditions`](super::conditions) to say.

use std::ops::Range;

/// Most ranges of one header; a header with more gets the whole object. The service states no limit; every part costs
/// a head of its own, so an unbounded list would make an answer larger than its object.
pub const MAX_RANGES: usize = 64;

/// What a viewer gets of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByteRanges {
    /// All of it, as if there were no `Range` header (200).
    Whole,
    /// These bytes, at least one range, ascending, none of them empty (206).
    Parts(Vec<Range<u64>>),
    /// None of the ranges begins within the object (416, RFC 9110 §15.5.17).
    Unsatisfiable,
}

/// One range as it is written.
#[derive(Clone, Copy)]
enum Spec {
    /// `first-last` or `first-`.
    From(u64, Option<u64>),
    /// `-count`.
    Last(u64),
}

/// Selects from an object of `length` bytes by the value of a `Range` header.
pub fn select(header: &str, length: u64) -> ByteRanges {
    let Some(specs) = parse(header) else { return ByteRanges::Whole };
    if length == 0 && specs.iter().any(|spec| matches!(spec, Spec::Last(1..))) {
        // The last bytes of an empty object are satisfiable, but Content-Range has no form for none.
        return ByteRanges::Whole;
    }
    let ranges: Vec<Range<u64>> = specs.into_iter().map(|spec| spec.within(length)).collect();
    if !ranges.is_sorted_by(|before, after| before.end <= after.start) {
        return ByteRanges::Whole;
    }
    let parts: Vec<Range<u64>> = ranges
        .into_iter()
        .filter(|range| range.start < length)
        .map(|range| range.start..range.end.min(length))
        .collect();
    if parts.is_empty() { ByteRanges::Unsatisfiable } else { ByteRanges::Parts(parts) }
}

/// The ranges of a header; `None` where one of them is invalid, or the unit is not bytes.
fn parse(header: &str) -> Option<Vec<Spec>> {
    let (unit, set) = header.trim().split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut specs = Vec::new();
    // A list may have empty elements (RFC 9110 §5.6.1).
    for element in set.split(',').map(|element| element.trim_matches([' ', '\t'])) {
        if element.is_empty() {
            continue;
        }
        if specs.len() == MAX_RANGES {
            return None;
        }
        specs.push(Spec::parse(element)?);
    }
    (!specs.is_empty()).then_some(specs)
}

impl Spec {
    fn parse(text: &str) -> Option<Spec> {
        match text.split_once('-')? {
            ("", count) => Some(Spec::Last(number(count)?)),
            (first, "") => Some(Spec::From(number(first)?, None)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Spec::From(first, Some(last)))
            }
        }
    }

    /// The bytes it means. They may lie beyond the end of the object; an open range has no end at all.
    fn within(self, length: u64) -> Range<u64> {
        match self {
            Spec::From(first, last) => first..last.map_or(u64::MAX, |last| last.saturating_add(1)),
            Spec::Last(count) => length.saturating_sub(count)..u64::MAX,
        }
    }
}

/// A number of any length: RFC 9110 sets no limit, and beyond 64 bits all are past the end of every object.
fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "lists of one range are what is meant")]
    fn ranges_select_bytes_whole_objects_or_nothing() {
        let whole = || ByteRanges::Whole;
        let parts = |ranges: &[Range<u64>]| ByteRanges::Parts(ranges.to_vec());
        for (header, length, expected) in [
            // RFC 9110 §14.1.2, examples.
            ("bytes=0-499", 10_000, parts(&[0..500])),
            ("bytes=500-999", 10_000, parts(&[500..1000])),
            ("bytes=-500", 10_000, parts(&[9500..10_000])),
            ("bytes=9500-", 10_000, parts(&[9500..10_000])),
            ("bytes=0-0,-1", 10_000, parts(&[0..1, 9999..10_000])),
            ("bytes= 0-999, 4500-5499, -1000", 10_000, parts(&[0..1000, 4500..5500, 9000..10_000])),
            ("BYTES=0-4", 10, parts(&[0..5])),
            ("bytes=0-4,,5-9,", 10, parts(&[0..5, 5..10])),
            ("bytes=0-99", 10, parts(&[0..10])),
            ("bytes=-99", 10, parts(&[0..10])),
            ("bytes=0-", 10, parts(&[0..10])),
            ("bytes=5-99999999999999999999999", 10, parts(&[5..10])),
            // AWS: How CloudFront processes partial requests for an object.
            ("bytes=100-200,300-400", 1000, parts(&[100..201, 300..401])),
            ("bytes=300-400,100-200", 1000, whole()),
            ("bytes=100-200,150-250", 1000, whole()),
            ("bytes=100-200,-900", 1000, whole()),
            ("bytes=0-,5-6", 1000, whole()),
            ("bytes=0-4,0-4", 1000, whole()),
            // Invalid: the header is ignored (RFC 9110 §14.2).
            ("bytes=4-2", 10, whole()),
            ("bytes=-2-4", 10, whole()),
            ("bytes=", 10, whole()),
            ("bytes=,", 10, whole()),
            ("bytes=-", 10, whole()),
            ("bytes=a-b", 10, whole()),
            ("bytes=+1-2", 10, whole()),
            ("bytes=1-2,x", 10, whole()),
            ("bytes 0-4", 10, whole()),
            ("lines=0-4", 10, whole()),
            ("", 10, whole()),
            // Satisfiable is what begins within the object (RFC 9110 §14.1.2).
            ("bytes=10-", 10, ByteRanges::Unsatisfiable),
            ("bytes=10-20,30-40", 10, ByteRanges::Unsatisfiable),
            ("bytes=-0", 10, ByteRanges::Unsatisfiable),
            ("bytes=0-4,10-20", 10, parts(&[0..5])),
            ("bytes=0-0", 0, ByteRanges::Unsatisfiable),
            ("bytes=-5", 0, whole()),
        ] {
            assert_eq!(select(header, length), expected, "{header} of {length}");
        }
    }

    #[test]
    fn a_header_with_too_many_ranges_gets_the_whole_object() {
        let header = |count: usize| {
            let ranges: Vec<_> = (0..count).map(|index| format!("{0}-{0}", 2 * index)).collect();
            format!("bytes={}", ranges.join(","))
        };
        assert!(
            matches!(select(&header(MAX_RANGES), 1000), ByteRanges::Parts(parts) if parts.len() == MAX_RANGES)
        );
        assert_eq!(select(&header(MAX_RANGES + 1), 1000), ByteRanges::Whole);
    }

    proptest::proptest! {
        #[test]
        fn parts_ascend_within_the_object(header in "bytes=([0-9]{0,3}-[0-9]{0,3},?){0,5}", length in 0_u64..500) {
            if let ByteRanges::Parts(parts) = select(&header, length) {
                proptest::prop_assert!(!parts.is_empty());
                proptest::prop_assert!(parts.iter().all(|part| part.start < part.end && part.end <= length));
                proptest::prop_assert!(parts.is_sorted_by(|before, after| before.end <= after.start));
            }
        }
    }
}
