//! Invalidation paths: what each matches, and many of them as one index (AWS: "What you need to know when invalidating
//! files").
//!
//! A path names objects by the path and the query string of a request, as far as the query string is in the cache key.
//! All variants by headers and cookies are meant. Which paths an API accepts is not known here.

mod index;

use std::borrow::Cow;

pub use index::InvalidationIndex;

#[cfg(test)]
mod tests;

/// A path of an invalidation, in the form of [`canonical`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum InvalidationPath {
    /// One object.
    Exact(String),
    /// All objects that begin so; it was written with a `*` at its end, which is not part of it.
    Prefix(String),
}

impl InvalidationPath {
    /// Reads a path. A `*` that is not the last character stands for itself.
    pub fn parse(path: &str) -> InvalidationPath {
        match path.strip_suffix('*') {
            Some(prefix) => InvalidationPath::Prefix(canonical(prefix).into_owned()),
            None => InvalidationPath::Exact(canonical(path).into_owned()),
        }
    }

    /// Whether it names a target in the form of [`canonical`].
    pub fn matches(&self, target: &str) -> bool {
        match self {
            InvalidationPath::Exact(path) => path == target,
            InvalidationPath::Prefix(prefix) => target.starts_with(prefix),
        }
    }
}

/// The form in which paths and targets are compared: what AWS tells to encode is encoded, characters outside of ASCII and
/// the unsafe ones of RFC 1738 §2.2, with digits in upper case. Nothing is decoded: "don't URL-encode any other
/// characters in the path, or CloudFront won't invalidate".
pub fn canonical(target: &str) -> Cow<'_, str> {
    if !target.bytes().any(is_unsafe) {
        return Cow::Borrowed(target);
    }
    let mut canonical = String::with_capacity(target.len() + 16);
    let mut rest = target.as_bytes();
    loop {
        rest = match rest {
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [high, low].map(|digit| char::from(digit.to_ascii_uppercase()));
                canonical.push('%');
                canonical.extend(digits);
                rest
            }
            [byte, rest @ ..] if is_unsafe(*byte) => {
                canonical.push_str(&format!("%{byte:02X}"));
                rest
            }
            [byte, rest @ ..] => {
                canonical.push(char::from(*byte));
                rest
            }
            [] => return Cow::Owned(canonical),
        }
    }
}

/// RFC 1738 §2.2: control characters, those outside of ASCII, and the ones that gateways change.
fn is_unsafe(byte: u8) -> bool {
    !byte.is_ascii_graphic()
        || matches!(
            byte,
            b'<' | b'>' | b'"' | b'#' | b'%' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'~' | b'[' | b']' | b'`'
        )
}
