//! How long an answer of an origin may be used (AWS: "Manage how long content stays in the cache", "Control how long
//! CloudFront caches errors").
//!
//! Times on the edge's clock are milliseconds since the epoch and come as arguments. What AWS leaves open follows
//! RFC 9111: an origin's `Age` shortens the lifetime that its headers give, `Expires` is measured from its own `Date`,
//! so that a clock that is wrong does no harm, and `must-revalidate` and `proxy-revalidate` rule out stale answers.
//! `s-maxage` does not, although RFC 9111 says so: AWS lets it go with `stale-while-revalidate`.

use super::cache_control::{CacheControl, delta_seconds};
use super::cacheable::{self, Cacheable};

#[cfg(test)]
mod tests;

/// The TTLs of a behavior, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttls {
    /// `MinTTL`.
    pub min_s: u64,
    /// `DefaultTTL`.
    pub default_s: u64,
    /// `MaxTTL`.
    pub max_s: u64,
}

impl Ttls {
    /// Caching is off, errors included, and with it collapsing (AWS: the managed policy CachingDisabled).
    pub const DISABLED: Ttls = Ttls { min_s: 0, default_s: 0, max_s: 0 };

    /// Whether anything is cached.
    pub fn caches(&self) -> bool {
        *self != Ttls::DISABLED
    }
}

/// What of an origin's answer counts.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// `Cache-Control`.
    pub cache_control: &'a CacheControl,
    /// `Expires`, as it is.
    pub expires: Option<&'a str>,
    /// `Date`, as it is.
    pub date: Option<&'a str>,
    /// `Age`, as it is.
    pub age: Option<&'a str>,
    /// `Vary` has a `*`.
    pub varies_on_everything: bool,
}

/// How long an answer may be used, counted in milliseconds from when it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// So long it is answered with, without asking the origin. 0: it is asked each time.
    pub fresh_ms: u64,
    /// So long it is answered with while the origin is asked (`stale-while-revalidate`); at least `fresh_ms`.
    pub while_revalidating_ms: u64,
    /// So long it is answered with if the origin fails; at least `fresh_ms`.
    pub on_error_ms: u64,
    /// Seconds that it had spent in other caches.
    pub age_s: u64,
    /// The origin may be asked whether it has changed; if not, it is asked for the whole.
    pub conditional: bool,
    /// Requests that come while the origin is asked may share its answer.
    pub shared: bool,
}

/// Says how long an answer may be used, and nothing if it may not be stored. `error_ttl_s` is the error caching minimum
/// TTL of its status, `received_ms` the time at which its head came.
pub fn of(answer: &Answer<'_>, ttls: Ttls, error_ttl_s: u64, received_ms: u64) -> Option<Freshness> {
    if !ttls.caches() {
        return None;
    }
    let control = answer.cache_control;
    match cacheable::status(answer.status) {
        Cacheable::Never => None,
        Cacheable::WithCacheControl if !control.is_present => None,
        Cacheable::ByTtl | Cacheable::WithCacheControl => of_object(answer, ttls, received_ms),
        Cacheable::Error { restrictable: true } if control.restricts() => None,
        Cacheable::ErrorWithAge if control.explicit_s().is_none() => None,
        Cacheable::Error { .. } | Cacheable::ErrorWithAge => of_error(answer, ttls, error_ttl_s, received_ms),
    }
}

fn of_object(answer: &Answer<'_>, ttls: Ttls, received_ms: u64) -> Option<Freshness> {
    let control = answer.cache_control;
    if ttls.min_s == 0 && (control.no_store || control.private) {
        return None;
    }
    let restricted = control.restricts() || answer.varies_on_everything;
    let fresh_s = if ttls.min_s == 0 && restricted {
        0
    } else if control.restricts() {
        ttls.min_s
    } else {
        match remaining_s(answer, received_ms) {
            Some(remaining_s) => remaining_s.min(ttls.max_s).max(ttls.min_s),
            None => ttls.default_s.max(ttls.min_s),
        }
    };
    // A stale object is never older than MaxTTL (AWS: "Serve stale (expired) content").
    let until = |window_s: Option<u64>, otherwise_s: u64| {
        let stale_s = window_s.map_or(otherwise_s, |window_s| fresh_s.saturating_add(window_s));
        let stale_s = if control.must_revalidate { 0 } else { stale_s.min(ttls.max_s) };
        milliseconds(stale_s.max(fresh_s))
    };
    Some(Freshness {
        fresh_ms: milliseconds(fresh_s),
        while_revalidating_ms: until(control.stale_while_revalidate_s.filter(|_| !restricted), 0),
        on_error_ms: until(control.stale_if_error_s, ttls.max_s),
        age_s: age_s(answer),
        conditional: !(answer.varies_on_everything && ttls.min_s == 0),
        shared: fresh_s > 0,
    })
}

/// An error is not used longer than it is fresh.
fn of_error(answer: &Answer<'_>, ttls: Ttls, error_ttl_s: u64, received_ms: u64) -> Option<Freshness> {
    let named_s = remaining_s(answer, received_ms).unwrap_or(0).min(ttls.max_s);
    let until_ms = milliseconds(named_s.max(error_ttl_s));
    (until_ms > 0).then_some(Freshness {
        fresh_ms: until_ms,
        while_revalidating_ms: until_ms,
        on_error_ms: until_ms,
        age_s: age_s(answer),
        conditional: false,
        shared: true,
    })
}

/// What is left of the lifetime that the headers give (RFC 9111 §4.2.1 and §4.2.3).
fn remaining_s(answer: &Answer<'_>, received_ms: u64) -> Option<u64> {
    let lifetime_s = match (answer.cache_control.explicit_s(), answer.expires) {
        (Some(explicit_s), _) => explicit_s,
        (None, Some(expires)) => {
            let from_s = answer.date.and_then(seconds_of_date).unwrap_or(received_ms / 1000);
            // A date that cannot be read, `0` above all, is in the past (RFC 9111 §5.3).
            seconds_of_date(expires).unwrap_or(0).saturating_sub(from_s)
        }
        (None, None) => return None,
    };
    Some(lifetime_s.saturating_sub(age_s(answer)))
}

/// The first number of `Age`; one that cannot be read says nothing.
fn age_s(answer: &Answer<'_>) -> u64 {
    answer.age.and_then(|age| age.split(',').next()).map_or(0, delta_seconds)
}

fn seconds_of_date(date: &str) -> Option<u64> {
    let date = httpdate::parse_http_date(date.trim()).ok()?;
    Some(date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs())
}

fn milliseconds(seconds: u64) -> u64 {
    seconds.saturating_mul(1000)
}
