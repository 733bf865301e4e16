//! Several parts of an object in one body: `multipart/byteranges` (RFC 9110 §14.6).

use std::ops::Range;

use bytes::Bytes;

/// A body of several parts of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multipart {
    /// The parts, in their order.
    pub parts: Vec<Part>,
    /// What follows the last part.
    pub closing: Bytes,
    /// The length of the whole body, in bytes.
    pub length: u64,
}

/// One part of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Separator and headers, which come before the bytes.
    pub opening: Bytes,
    /// Bytes of the object.
    pub range: Range<u64>,
}

impl Multipart {
    /// Frames ranges of an object of `total` bytes. The boundary is random, so that it does not appear in the object.
    pub(super) fn new(
        ranges: Vec<Range<u64>>,
        content_type: Option<&str>,
        total: u64,
        boundary: &str,
    ) -> Multipart {
        let content_type = content_type.map(|value| format!("Content-Type: {value}\r\n")).unwrap_or_default();
        let mut separator = format!("--{boundary}");
        let mut parts = Vec::with_capacity(ranges.len());
        for range in ranges {
            let content_range = content_range(&range, total);
            let opening = format!("{separator}\r\n{content_type}Content-Range: {content_range}\r\n\r\n");
            parts.push(Part { opening: Bytes::from(opening), range });
            separator = format!("\r\n--{boundary}");
        }
        let closing = Bytes::from(format!("{separator}--\r\n"));
        let length = parts.iter().map(Part::length).fold(length(&closing), u64::saturating_add);
        Multipart { parts, closing, length }
    }
}

impl Part {
    fn length(&self) -> u64 {
        length(&self.opening).saturating_add(self.range.end.saturating_sub(self.range.start))
    }
}

/// The value of `Content-Range` for a range that is not empty.
pub(super) fn content_range(range: &Range<u64>, total: u64) -> String {
    format!("bytes {}-{}/{total}", range.start, range.end.saturating_sub(1))
}

fn length(text: &Bytes) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
