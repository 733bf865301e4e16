//! Which answers may be in a cache at all, by method and status.

/// When an answer with a status may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cacheable {
    /// By the TTLs of the behavior and the headers of the answer.
    ByTtl,
    /// As [`ByTtl`](Cacheable::ByTtl), but only if the answer has a `Cache-Control`.
    WithCacheControl,
    /// An error: for the error caching minimum TTL of the status, or longer if the origin says so.
    Error {
        /// `no-cache`, `no-store` and `private` keep it out of the cache.
        restrictable: bool,
    },
    /// An error that is stored only if the origin names an age.
    ErrorWithAge,
    /// Never.
    Never,
}

/// Whether answers to a method are stored. OPTIONS is cached only where the behavior lists it among its cached methods
/// (AWS: "HTTP methods").
pub fn method(method: &str, options_cached: bool) -> bool {
    matches!(method, "GET" | "HEAD") || (options_cached && method == "OPTIONS")
}

/// When an answer with a status may be stored.
///
/// Errors are those of "HTTP 4xx and 5xx status codes that CloudFront caches"; 410 is not in that list, but "Control how
/// long CloudFront caches errors" names it beside 404 as one that `no-store` keeps out of the cache. Redirects are those
/// of "How CloudFront processes HTTP 3xx status codes". AWS says nothing of other 2xx statuses: they are treated as 200,
/// but for 206, which is a part of an object, and of 304, which is none.
pub fn status(status: u16) -> Cacheable {
    match status {
        404 | 410 | 414 | 501 => Cacheable::Error { restrictable: true },
        500 | 502..=504 => Cacheable::Error { restrictable: false },
        400 | 403 | 405 | 412 | 415 => Cacheable::ErrorWithAge,
        307 | 308 => Cacheable::WithCacheControl,
        206 | 304 => Cacheable::Never,
        200..=399 => Cacheable::ByTtl,
        _ => Cacheable::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods() {
        for (name, without_options, with_options) in [
            ("GET", true, true),
            ("HEAD", true, true),
            ("OPTIONS", false, true),
            ("POST", false, false),
            ("PUT", false, false),
            ("PATCH", false, false),
            ("DELETE", false, false),
            ("get", false, false),
        ] {
            assert_eq!((method(name, false), method(name, true)), (without_options, with_options), "{name}");
        }
    }

    #[test]
    fn statuses() {
        const CACHED: &str = "HTTP 4xx and 5xx status codes that CloudFront caches";
        const CONTROL: &str = "Control how long CloudFront caches errors";
        const REDIRECT: &str = "How CloudFront processes HTTP 3xx status codes from your origin";
        let restrictable = Cacheable::Error { restrictable: true };
        let error = Cacheable::Error { restrictable: false };
        for (code, expected, source) in [
            (200, Cacheable::ByTtl, "the usual"),
            (204, Cacheable::ByTtl, "silent"),
            (206, Cacheable::Never, "a part"),
            (301, Cacheable::ByTtl, REDIRECT),
            (302, Cacheable::ByTtl, REDIRECT),
            (303, Cacheable::ByTtl, REDIRECT),
            (304, Cacheable::Never, "nothing to store"),
            (307, Cacheable::WithCacheControl, REDIRECT),
            (308, Cacheable::WithCacheControl, REDIRECT),
            (400, Cacheable::ErrorWithAge, CACHED),
            (401, Cacheable::Never, CACHED),
            (403, Cacheable::ErrorWithAge, CACHED),
            (404, restrictable, CACHED),
            (405, Cacheable::ErrorWithAge, CACHED),
            (410, restrictable, CONTROL),
            (412, Cacheable::ErrorWithAge, CACHED),
            (414, restrictable, CACHED),
            (415, Cacheable::ErrorWithAge, CACHED),
            (416, Cacheable::Never, CONTROL),
            (429, Cacheable::Never, CACHED),
            (500, error, CACHED),
            (501, restrictable, CONTROL),
            (502, error, CACHED),
            (503, error, CACHED),
            (504, error, CACHED),
            (505, Cacheable::Never, CACHED),
            (101, Cacheable::Never, "not an answer"),
            (600, Cacheable::Never, "not a status"),
        ] {
            assert_eq!(status(code), expected, "{code}: {source}");
        }
    }
}
