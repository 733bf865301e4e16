//! Path patterns of cache behaviors.

use super::Wildcard;

/// The path pattern of a cache behavior: `*` stands for any number of characters, slashes among them, and `?` for
/// exactly one. Case matters; a slash at the beginning is implied (AWS: Cache behavior settings, "Path pattern").
///
/// A match costs the length of the path, and for a pattern with several wildcards that times its length over 64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(Wildcard);

impl PathPattern {
    /// Compiles a pattern. Every text is one.
    pub fn new(pattern: &str) -> PathPattern {
        if pattern.starts_with('/') {
            return PathPattern(Wildcard::new(pattern));
        }
        PathPattern(Wildcard::new(&format!("/{pattern}")))
    }

    /// Whether a path fits, without its query string, and as [`normalise`](super::normalise) has made it.
    pub fn matches(&self, path: &str) -> bool {
        self.0.matches(path.as_bytes())
    }
}
