//! Tests of how long answers may be used, by the tables of AWS's guide.

use super::*;

const DAY: u64 = 86_400;
const YEAR: u64 = 31_536_000;
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
const RECEIVED_MS: u64 = 784_111_777_000;

const fn ttls(min_s: u64, default_s: u64, max_s: u64) -> Ttls {
    Ttls { min_s, default_s, max_s }
}

/// An answer by its header lines.
fn of_lines(status: u16, lines: &[(&str, &str)], ttls: Ttls, error_ttl_s: u64) -> Option<Freshness> {
    let all = |name: &'static str| lines.iter().filter(move |line| line.0 == name).map(|line| line.1);
    let control = CacheControl::parse(all("Cache-Control"));
    let answer = Answer {
        status,
        cache_control: &control,
        expires: all("Expires").next(),
        date: all("Date").next(),
        age: all("Age").next(),
        varies_on_everything: all("Vary").any(|vary| vary == "*"),
    };
    of(&answer, ttls, error_ttl_s, RECEIVED_MS)
}

fn fresh_s(status: u16, lines: &[(&str, &str)], ttls: Ttls) -> Option<u64> {
    of_lines(status, lines, ttls, 10).map(|freshness| freshness.fresh_ms / 1000)
}

const TABLE: &str = "Specify the amount of time that CloudFront caches objects";
const ERRORS: &str = "Control how long CloudFront caches errors";

#[test]
fn objects_are_fresh_as_the_guides_table_says() {
    let (zero, some) = (ttls(0, DAY, YEAR), ttls(60, DAY, 3600));
    let cc = |value| [("Cache-Control", value)];
    for (lines, min_zero, min_some, source) in [
        (&cc("max-age=300")[..], Some(300), Some(300), TABLE),
        (&cc("max-age=5"), Some(5), Some(60), TABLE),
        (&cc("max-age=40000000"), Some(YEAR), Some(3600), TABLE),
        (&cc("max-age=300, s-maxage=400"), Some(400), Some(400), TABLE),
        (&cc("s-maxage=0, max-age=300"), Some(0), Some(60), TABLE),
        (&[], Some(DAY), Some(DAY), TABLE),
        (&cc("public"), Some(DAY), Some(DAY), TABLE),
        (&cc("no-cache"), Some(0), Some(60), TABLE),
        (&cc("no-store"), None, Some(60), TABLE),
        (&cc("private"), None, Some(60), TABLE),
        (&cc("private, max-age=300"), None, Some(60), TABLE),
        (&cc("no-cache, max-age=300"), Some(0), Some(60), TABLE),
        (&[("Expires", "Sun, 06 Nov 1994 08:54:37 GMT")], Some(300), Some(300), TABLE),
        (&[("Expires", "Sun, 06 Nov 1994 08:49:42 GMT")], Some(5), Some(60), TABLE),
        (&[("Expires", "Sat, 06 Nov 2094 08:49:42 GMT")], Some(YEAR), Some(3600), TABLE),
        (
            &[("Expires", "Sun, 06 Nov 1994 08:54:37 GMT"), ("Cache-Control", "max-age=7")],
            Some(7),
            Some(60),
            "only the value of max-age",
        ),
        (&[("Expires", "0")], Some(0), Some(60), "RFC 9111 §5.3"),
        (&[("Expires", "Sat, 06 Nov 1993 08:49:42 GMT")], Some(0), Some(60), "RFC 9111 §5.3"),
        (
            &[("Expires", "Sun, 06 Nov 1994 09:54:37 GMT"), ("Date", "Sun, 06 Nov 1994 09:49:37 GMT")],
            Some(300),
            Some(300),
            "from the origin's own Date, RFC 9111 §4.2.1",
        ),
        (
            &[("Expires", "Sunday, 06-Nov-94 08:54:37 GMT"), ("Date", "soon")],
            Some(300),
            Some(300),
            "RFC 9110 §5.6.7",
        ),
        (&[("Cache-Control", "max-age=300"), ("Age", "100")], Some(200), Some(200), "RFC 9111 §4.2.3"),
        (&[("Cache-Control", "max-age=300"), ("Age", "400")], Some(0), Some(60), "RFC 9111 §4.2.3"),
        (&[("Cache-Control", "max-age=300"), ("Age", "100, 7")], Some(200), Some(200), "RFC 9111 §5.1"),
        (&[("Cache-Control", "max-age=300"), ("Age", "x")], Some(300), Some(300), "RFC 9111 §5.1"),
        (&[("Age", "100")], Some(DAY), Some(DAY), "the default TTL is the edge's own time"),
        (&[("Cache-Control", "max-age=300"), ("Vary", "*")], Some(0), Some(300), "Content negotiation"),
    ] {
        assert_eq!(fresh_s(200, lines, zero), min_zero, "min 0: {lines:?}: {source}");
        assert_eq!(fresh_s(200, lines, some), min_some, "min 60: {lines:?}: {source}");
    }
    assert_eq!(fresh_s(200, &[], ttls(DAY, 60, YEAR)), Some(DAY), "the greater of both: {TABLE}");
    assert_eq!(fresh_s(200, &cc("max-age=300"), Ttls::DISABLED), None, "all TTLs 0 disable caching");
    assert_eq!(fresh_s(200, &[], ttls(0, 0, YEAR)), Some(0), "UseOriginCacheControlHeaders");
}

#[test]
fn redirects_and_errors_follow_their_lists() {
    let usual = ttls(0, DAY, 3600);
    for (status, control, expected, source) in [
        (301, "", Some(DAY), "How CloudFront processes HTTP 3xx status codes"),
        (307, "", None, "How CloudFront processes HTTP 3xx status codes"),
        (307, "max-age=60", Some(60), "How CloudFront processes HTTP 3xx status codes"),
        (308, "public", Some(DAY), "How CloudFront processes HTTP 3xx status codes"),
        (404, "", Some(10), ERRORS),
        (404, "max-age=5", Some(10), ERRORS),
        (404, "max-age=60", Some(60), ERRORS),
        (404, "max-age=60, s-maxage=90", Some(90), ERRORS),
        (404, "max-age=7200", Some(3600), "cannot be greater than the Maximum TTL"),
        (404, "no-store", None, ERRORS),
        (410, "private", None, ERRORS),
        (414, "no-cache", None, ERRORS),
        (501, "no-cache", None, ERRORS),
        (500, "no-store", Some(10), ERRORS),
        (503, "private, max-age=60", Some(60), ERRORS),
        (403, "", None, "only if your origin returns max-age or s-maxage"),
        (403, "no-store", None, "only if your origin returns max-age or s-maxage"),
        (403, "max-age=60", Some(60), "only if your origin returns max-age or s-maxage"),
        (403, "s-maxage=0", Some(10), ERRORS),
        (416, "max-age=60", None, "CloudFront doesn't cache status code 416"),
        (429, "max-age=60", None, "not in the list"),
        (206, "max-age=60", None, "a part is not the object"),
    ] {
        assert_eq!(
            fresh_s(status, &[("Cache-Control", control)], usual),
            expected,
            "{status} {control}: {source}"
        );
    }
    let expires = [("Expires", "Sun, 06 Nov 1994 08:50:37 GMT")];
    assert_eq!(fresh_s(404, &expires, usual), Some(60), "an Expires header: {ERRORS}");
    assert_eq!(fresh_s(403, &expires, usual), None, "Expires is not max-age");
    assert_eq!(fresh_s(404, &[], Ttls::DISABLED), None, "CachingDisabled");
    assert_eq!(of_lines(404, &[], usual, 0), None, "an error TTL of 0");
    let error = of_lines(500, &[("Cache-Control", "stale-if-error=600")], usual, 10);
    assert_eq!(error.map(|error| error.on_error_ms), Some(10_000), "an error is not served stale");
}

#[test]
fn stale_windows_end_at_the_maximum_ttl() {
    const STALE: &str = "Serve stale (expired) content";
    // AWS's table of `no-cache` with a minimum TTL of 0 has a warning, and it is meant for answers that must be asked for
    // each time: CloudFront respects the header, "if your origin is unreachable and the minimum or maximum TTL is greater
    // than 0, CloudFront will serve the object that it got from the origin previously", and `stale-if-error=0` avoids
    // that. So where the origin fails, this is not RFC 9111's no-cache.
    const WARNING: &str = "Manage how long content stays in the cache, warning at no-cache";
    let usual = ttls(0, DAY, 3600);
    // Control, TTLs; seconds while revalidating, seconds on error.
    for (control, ttls, revalidating, on_error, source) in [
        ("max-age=60, stale-while-revalidate=600", usual, 660, 3600, STALE),
        ("max-age=60, stale-while-revalidate=60000", usual, 3600, 3600, STALE),
        ("max-age=60, stale-if-error=600", usual, 60, 660, STALE),
        ("max-age=60, stale-if-error=60000", usual, 60, 3600, STALE),
        ("max-age=60, stale-while-revalidate=6, stale-if-error=600", usual, 66, 660, STALE),
        ("max-age=60, stale-if-error=0", usual, 60, 60, "this causes CloudFront to return an error"),
        (
            "max-age=60",
            usual,
            60,
            3600,
            "CloudFront will only serve an object that is stale up to the maximum TTL",
        ),
        ("max-age=36000, stale-while-revalidate=600", usual, 3600, 3600, STALE),
        ("no-cache", usual, 0, 3600, WARNING),
        ("no-cache, stale-if-error=0", usual, 0, 0, WARNING),
        ("no-cache, stale-while-revalidate=600", usual, 0, 3600, "no-cache asks first, RFC 9111 §5.2.2.4"),
        ("no-cache", ttls(60, DAY, 3600), 60, 3600, WARNING),
        ("max-age=60, must-revalidate, stale-if-error=600", usual, 60, 60, "RFC 9111 §5.2.2.2"),
        ("max-age=60, proxy-revalidate, stale-while-revalidate=600", usual, 60, 60, "RFC 9111 §5.2.2.8"),
        ("s-maxage=60, stale-while-revalidate=600", usual, 660, 3600, "AWS lets s-maxage go with it"),
    ] {
        let freshness = of_lines(200, &[("Cache-Control", control)], ttls, 10);
        let seconds = freshness.map(|f| (f.while_revalidating_ms / 1000, f.on_error_ms / 1000));
        assert_eq!(seconds, Some((revalidating, on_error)), "{control}: {source}");
    }
}

#[test]
fn what_is_asked_for_each_time_is_not_shared() {
    const COLLAPSING: &str = "Simultaneous requests for the same object";
    let flags = |lines: &[(&str, &str)], min_s| {
        of_lines(200, lines, ttls(min_s, DAY, YEAR), 10).map(|f| (f.shared, f.conditional))
    };
    for (lines, min_zero, min_one, source) in [
        (&[("Cache-Control", "max-age=1")], Some((true, true)), Some((true, true)), COLLAPSING),
        (&[("Cache-Control", "max-age=0")], Some((false, true)), Some((true, true)), COLLAPSING),
        (&[("Cache-Control", "s-maxage=0")], Some((false, true)), Some((true, true)), COLLAPSING),
        (&[("Cache-Control", "no-cache")], Some((false, true)), Some((true, true)), COLLAPSING),
        (&[("Cache-Control", "private")], None, Some((true, true)), COLLAPSING),
        (&[("Vary", "*")], Some((false, false)), Some((true, true)), "Content negotiation"),
    ] {
        assert_eq!(flags(lines, 0), min_zero, "{lines:?}: {source}");
        assert_eq!(flags(lines, 1), min_one, "{lines:?}: {source}");
    }
}

#[test]
fn times_that_overflow_are_the_longest() {
    let endless = ttls(0, DAY, u64::MAX);
    let line = format!("max-age={0}, stale-while-revalidate={0}, stale-if-error={0}", u64::MAX);
    let freshness = of_lines(200, &[("Cache-Control", &line)], endless, 10);
    assert_eq!(freshness.map(|f| (f.fresh_ms, f.on_error_ms)), Some((u64::MAX, u64::MAX)));
}
