//! Field patterns: names of fields, or prefixes of names.

/// A pattern that was checked (AWS: `EncryptionEntity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPattern<'a> {
    /// The field of this name.
    Name(&'a str),
    /// Every field whose name begins so: the pattern ends with `*`.
    Prefix(&'a str),
}

impl<'a> FieldPattern<'a> {
    /// Reads a pattern: letters, digits and `[ ] . _ -`, and perhaps a `*` at the end; at most 128 of them.
    pub fn parse(text: &'a str) -> Option<FieldPattern<'a>> {
        let (name, pattern) = match text.strip_suffix('*') {
            Some(prefix) => (prefix, FieldPattern::Prefix(prefix)),
            None => (text, FieldPattern::Name(text)),
        };
        let valid = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"[]._-".contains(&b));
        (valid && (1..=128).contains(&text.len())).then_some(pattern)
    }

    /// Whether it means a field. Letters count as they are written, and a name need not be UTF-8.
    pub fn matches(&self, field: impl AsRef<[u8]>) -> bool {
        match self {
            FieldPattern::Name(name) => name.as_bytes() == field.as_ref(),
            FieldPattern::Prefix(prefix) => field.as_ref().starts_with(prefix.as_bytes()),
        }
    }

    /// Whether some field is meant by both.
    pub fn overlaps(&self, other: &FieldPattern<'_>) -> bool {
        match (self, other) {
            (pattern, FieldPattern::Name(name)) | (FieldPattern::Name(name), pattern) => {
                pattern.matches(name)
            }
            (FieldPattern::Prefix(one), FieldPattern::Prefix(two)) => {
                one.starts_with(two) || two.starts_with(one)
            }
        }
    }
}
