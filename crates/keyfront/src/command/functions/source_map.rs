//! Source maps (ECMA-426): which line of which original a line of built code comes from.
//!
//! Only lines are looked up, because CloudFront's engine names no columns.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The source map of built code.
pub(super) struct SourceMap {
    sources: Vec<String>,
    /// For each line of the code the index of the source and its line, from 0.
    lines: Vec<Option<(usize, usize)>>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "sourceRoot", default)]
    root: Option<String>,
    sources: Vec<String>,
    mappings: String,
}

/// The file with the source map of a file with code.
pub(super) fn map_file(code: &Path) -> PathBuf {
    let mut name = code.as_os_str().to_owned();
    name.push(".map");
    PathBuf::from(name)
}

impl SourceMap {
    /// The map beside a file with code, if there is one that can be read.
    pub(super) fn beside(code: &Path) -> Option<SourceMap> {
        SourceMap::parse(&std::fs::read_to_string(map_file(code)).ok()?)
    }

    /// Reads a map; nothing for what is none.
    pub(super) fn parse(text: &str) -> Option<SourceMap> {
        let document: Document = serde_json::from_str(text).ok()?;
        let root = document.root.unwrap_or_default();
        let sources = document.sources.iter().map(|source| format!("{root}{source}")).collect();
        Some(SourceMap { sources, lines: lines(&document.mappings)? })
    }

    /// The original of a line from 1: its file and its line, from 1.
    pub(super) fn original(&self, line: u32) -> Option<(&str, usize)> {
        let line = usize::try_from(line).ok()?.checked_sub(1)?;
        let (source, original) = (*self.lines.get(line)?)?;
        Some((self.sources.get(source)?, original + 1))
    }
}

/// The first mapping of each line.
fn lines(mappings: &str) -> Option<Vec<Option<(usize, usize)>>> {
    // Numbers are relative to those of the mapping before, on whichever line that was.
    let (mut source, mut original) = (0_i64, 0_i64);
    let mut lines = Vec::new();
    for line in mappings.split(';') {
        let mut first = None;
        for segment in line.split(',').filter(|segment| !segment.is_empty()) {
            let numbers = numbers(segment)?;
            let (Some(more_source), Some(more_original)) = (numbers.get(1), numbers.get(2)) else { continue };
            source = source.checked_add(*more_source)?;
            original = original.checked_add(*more_original)?;
            if first.is_none() {
                first = Some((usize::try_from(source).ok()?, usize::try_from(original).ok()?));
            }
        }
        lines.push(first);
    }
    Some(lines)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Numbers in base64 VLQ: five bits a digit, the lowest first; the sixth says that more follow, the lowest of all is the sign.
fn numbers(segment: &str) -> Option<Vec<i64>> {
    let (mut numbers, mut value, mut shift) = (Vec::new(), 0_i64, 0_u32);
    for byte in segment.bytes() {
        let digit = i64::try_from(DIGITS.iter().position(|known| *known == byte)?).ok()?;
        value |= (digit & 0x1f).checked_shl(shift)?;
        if digit & 0x20 == 0 {
            numbers.push(if value & 1 == 0 { value >> 1 } else { -(value >> 1) });
            (value, shift) = (0, 0);
        } else {
            shift += 5;
            if shift > 50 {
                return None;
            }
        }
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_to_their_originals() {
        let map = r#"{"version":3,"sources":["a.ts","lib/b.ts"],"mappings":"AAAA;;AAEA,IAAI;ACDJ;AAQA"}"#;
        let map = SourceMap::parse(map).unwrap();
        let found: Vec<_> = (0..7).map(|line| map.original(line)).collect();
        let b = "lib/b.ts";
        assert_eq!(
            found,
            [None, Some(("a.ts", 1)), None, Some(("a.ts", 3)), Some((b, 2)), Some((b, 10)), None]
        );
    }

    #[test]
    fn what_is_no_map_is_none() {
        for text in [
            "",
            "{}",
            r#"{"sources":[],"mappings":"!"}"#,
            r#"{"sources":[],"mappings":"AADA"}"#,
            r#"{"sources":[],"mappings":"gggggggggggggggggggB"}"#,
        ] {
            assert!(SourceMap::parse(text).is_none(), "{text}");
        }
        let far = SourceMap::parse(r#"{"sources":[],"mappings":"AAAA"}"#).unwrap();
        assert_eq!(far.original(1), None);
        assert_eq!(far.original(u32::MAX), None);
    }
}
