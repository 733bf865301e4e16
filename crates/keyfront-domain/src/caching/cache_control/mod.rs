//! `Cache-Control` of an origin's answer (RFC 9111 §5.2.2), as far as the edge acts on it.
//!
//! The `Cache-Control` of viewers is not read at all: CloudFront ignores it (AWS: "Use headers to control cache duration
//! for individual objects").

#[cfg(test)]
mod tests;

/// What an origin says. Times are in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "directives are given or not, each on its own")]
pub struct CacheControl {
    /// `max-age`.
    pub max_age_s: Option<u64>,
    /// `s-maxage`.
    pub s_maxage_s: Option<u64>,
    /// `no-cache` without field names.
    pub no_cache: bool,
    /// The headers that `no-cache` names, in lower case. They reach the viewer who asked first and are not kept (AWS: "Cache
    /// content based on cookies", "Disable caching of Set-Cookie headers").
    pub not_kept: Vec<String>,
    /// `no-store`.
    pub no_store: bool,
    /// `private`, with field names or without.
    pub private: bool,
    /// `must-revalidate` or `proxy-revalidate`.
    pub must_revalidate: bool,
    /// `stale-while-revalidate` (RFC 5861).
    pub stale_while_revalidate_s: Option<u64>,
    /// `stale-if-error` (RFC 5861).
    pub stale_if_error_s: Option<u64>,
    /// There is at least one directive.
    pub is_present: bool,
}

impl CacheControl {
    /// Reads all lines of the header; unknown directives are skipped.
    ///
    /// Of a directive that comes twice the first counts, and an age that is not a number is 0: an answer with invalid
    /// freshness is better taken as stale (RFC 9111 §4.2.1). A number that is too large is the largest there is
    /// (RFC 9111 §1.2.2). Field names of `private` are not looked at, which keeps too little, never too much (RFC 9111
    /// §5.2.2.7 allows it).
    pub fn parse<'h>(lines: impl IntoIterator<Item = &'h str>) -> CacheControl {
        let mut control = CacheControl::default();
        for line in lines {
            for directive in split(line) {
                control.read(directive);
            }
        }
        control
    }

    /// The lifetime that `s-maxage` or `max-age` gives; the first of them counts.
    pub fn explicit_s(&self) -> Option<u64> {
        self.s_maxage_s.or(self.max_age_s)
    }

    /// The origin asks not to share the answer without asking it again.
    pub fn restricts(&self) -> bool {
        self.no_cache || self.no_store || self.private
    }

    fn read(&mut self, directive: &str) {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value)),
            None => (directive.trim(), None),
        };
        if name.is_empty() {
            return;
        }
        self.is_present = true;
        let seconds = || Some(value.map_or(0, delta_seconds));
        match name.to_ascii_lowercase().as_str() {
            "max-age" => self.max_age_s = self.max_age_s.or_else(seconds),
            "s-maxage" => self.s_maxage_s = self.s_maxage_s.or_else(seconds),
            "stale-while-revalidate" => {
                self.stale_while_revalidate_s = self.stale_while_revalidate_s.or_else(seconds);
            }
            "stale-if-error" => self.stale_if_error_s = self.stale_if_error_s.or_else(seconds),
            "no-cache" => {
                let named = self.not_kept.len();
                self.not_kept.extend(value.into_iter().flat_map(field_names));
                self.no_cache |= self.not_kept.len() == named;
            }
            "no-store" => self.no_store = true,
            "private" => self.private = true,
            "must-revalidate" | "proxy-revalidate" => self.must_revalidate = true,
            _ => {}
        }
    }
}

/// The names of headers in the argument of a directive, quoted or not (RFC 9111 §5.2.2.4).
fn field_names(value: &str) -> impl Iterator<Item = String> {
    unquoted(value).split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty())
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// `delta-seconds` (RFC 9111 §1.2.2), quoted or not.
pub(super) fn delta_seconds(value: &str) -> u64 {
    let value = unquoted(value);
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    value.parse().unwrap_or(u64::MAX)
}

/// The directives of a line: split at commas that are not in quotes.
fn split(line: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    line.split(move |character| {
        if escaped {
            escaped = false;
            return false;
        }
        match character {
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        character == ',' && !quoted
    })
}
