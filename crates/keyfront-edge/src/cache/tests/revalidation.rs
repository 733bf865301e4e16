//! Stale objects: asking whether they have changed, and using them when the origin fails.

use super::*;

fn etag(value: &'static str) -> Validators {
    Validators { etag: Some(HeaderValue::from_static(value)), last_modified: None }
}

const MINUTE: (&str, &str) = ("cache-control", "max-age=60");

#[tokio::test]
async fn an_unchanged_object_is_fresh_again() {
    let bench = Bench::new(USUAL);
    let modified = "Sun, 06 Nov 1994 08:49:37 GMT";
    bench
        .origin
        .says(answer(&[MINUTE, ("etag", "\"1\""), ("last-modified", modified), ("x-a", "old")], "one"));
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(60);
    bench.origin.says(status(
        304,
        &[("cache-control", "max-age=30"), ("x-a", "new"), ("content-length", "0")],
        "",
    ));
    assert_eq!(bench.get().await, refreshed("one"));
    let asked = Validators {
        etag: Some(HeaderValue::from_static("\"1\"")),
        last_modified: Some(HeaderValue::from_static(modified)),
    };
    assert_eq!(bench.origin.asked(), [None, Some(asked)]);
    bench.pass_s(29);
    let Ok(served) = bench.serve(bench.wanted("/a")).await else { unreachable!("it is in the cache") };
    // RFC 9111 §3.2.
    assert_eq!(served.head.text("x-a"), Some("new"));
    assert_eq!(served.head.text("content-length"), None);
    assert_eq!(Seen::of(Ok(served)).await, hit("one", 29));
    bench.pass_s(1);
    bench.origin.says(answer(&[MINUTE], "two"));
    assert_eq!(bench.get().await, miss("two"));
}

#[tokio::test]
async fn objects_without_validators_and_ones_with_cookies_are_fetched_whole() {
    for (headers, revalidate) in [(&[MINUTE][..], true), (&[MINUTE, ("etag", "\"1\"")], false)] {
        let bench =
            Bench::with(8 * 1024 * 1024, Origin::of("/a"), CachingRules { revalidate, ..rules(USUAL) });
        for text in ["one", "two"] {
            bench.origin.says(answer(headers, text));
            assert_eq!(bench.get().await, miss(text));
            bench.pass_s(60);
        }
        assert_eq!(bench.origin.asked(), [None, None]);
    }
}

#[tokio::test]
async fn an_object_that_varies_on_everything_is_asked_for_without_conditions() {
    let bench = Bench::new(USUAL);
    for text in ["one", "two"] {
        bench.origin.says(answer(&[MINUTE, ("etag", "\"1\""), ("vary", "origin, *")], text));
        assert_eq!(bench.get().await, miss(text));
    }
    assert_eq!(bench.origin.asked(), [None, None]);
}

#[tokio::test]
async fn a_304_about_another_object_is_not_believed() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[MINUTE, ("etag", "W/\"1\"")], "one"));
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(60);
    bench.origin.says(status(304, &[MINUTE, ("etag", "\"1\"")], ""));
    assert_eq!(bench.get().await, refreshed("one"), "weak comparison, RFC 9110 §13.1.2");
    bench.pass_s(60);
    bench.origin.says(status(304, &[MINUTE, ("etag", "\"2\"")], ""));
    bench.origin.says(answer(&[MINUTE, ("etag", "\"2\"")], "two"));
    assert_eq!(bench.get().await, miss("two"));
    assert_eq!(bench.origin.asked(), [None, Some(etag("W/\"1\"")), Some(etag("W/\"1\"")), None]);
}

#[tokio::test]
async fn no_cache_asks_each_time() {
    let bench = Bench::new(USUAL);
    let headers = [("cache-control", "no-cache"), ("etag", "\"1\"")];
    bench.origin.says(answer(&headers, "one"));
    assert_eq!(bench.get().await, miss("one"));
    for _ in 0..2 {
        bench.origin.says(status(304, &headers, ""));
        assert_eq!(bench.get().await, refreshed("one"));
    }
    bench.origin.says(status(304, &[("cache-control", "no-store")], ""));
    assert_eq!(bench.get().await, refreshed("one"));
    bench.origin.says(answer(&headers, "two"));
    assert_eq!(bench.get().await, miss("two"), "no-store in a 304 drops it");
    assert_eq!(
        bench.origin.asked(),
        [None, Some(etag("\"1\"")), Some(etag("\"1\"")), Some(etag("\"1\"")), None]
    );
}

#[tokio::test]
async fn a_stale_object_is_served_while_it_is_asked_for() {
    let bench = Bench::gated(USUAL);
    let headers = [("cache-control", "max-age=60, stale-while-revalidate=30"), ("etag", "\"1\"")];
    bench.origin.says(answer(&headers, "one"));
    bench.release(1);
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(89);
    for _ in 0..3 {
        assert_eq!(bench.get().await, stale("one", 89));
    }
    assert_eq!(bench.cache.statistics().flights, 1, "one asks, beside the answers");
    bench.origin.says(answer(&headers, "two"));
    bench.release(1);
    idle().await;
    assert_eq!(bench.get().await, hit("two", 0));
    assert_eq!(bench.origin.asked(), [None, Some(etag("\"1\""))]);
    bench.pass_s(90);
    bench.origin.says(answer(&headers, "three"));
    bench.release(1);
    assert_eq!(bench.get().await, miss("three"), "the window is over");
}

#[tokio::test]
async fn a_stale_object_is_served_when_the_origin_fails() {
    // What the origin says, the control of the object, the age at which it is asked for, and whether it is served.
    type Failing = fn() -> Reply;
    let failing: [(&str, Failing); 3] = [
        ("timeout", || Reply::Failure(timeout())),
        ("504", || status(504, &[], "error")),
        ("500", || status(500, &[("cache-control", "max-age=100")], "error")),
    ];
    for (what, failing) in failing {
        for (control, age_s, served) in [
            ("max-age=60", 61, true),
            ("max-age=60", 99, true),
            ("max-age=60", 100, false),
            ("max-age=60, stale-if-error=20", 79, true),
            ("max-age=60, stale-if-error=20", 80, false),
            ("max-age=60, stale-if-error=0", 61, false),
            ("max-age=60, must-revalidate", 61, false),
        ] {
            let bench = Bench::new(Ttls { max_s: 100, default_s: 60, ..USUAL });
            bench.origin.says(answer(&[("cache-control", control)], "one"));
            assert_eq!(bench.get().await, miss("one"));
            bench.pass_s(age_s);
            bench.origin.says(failing());
            let seen = bench.get().await;
            assert_eq!(seen == stale("one", age_s), served, "{what}, {control} after {age_s}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn an_origin_that_has_failed_gets_a_pause() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[MINUTE], "one"));
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(60);
    bench.origin.says(status(503, &[], "error"));
    assert_eq!(bench.get().await, stale("one", 60));
    bench.pass_s(2);
    assert_eq!(bench.get().await, stale("one", 62));
    assert_eq!(bench.origin.count(), 2, "the error caching minimum TTL of 503 is 3");
    bench.pass_s(1);
    bench.origin.says(Reply::Failure(timeout()));
    assert_eq!(bench.get().await, stale("one", 63));
    bench.pass_s(9);
    assert_eq!(bench.get().await, stale("one", 72));
    bench.pass_s(1);
    bench.origin.says(answer(&[MINUTE], "two"));
    assert_eq!(bench.get().await, miss("two"));
    assert_eq!(bench.cache.statistics().stale_hits, 4);
}

#[tokio::test]
async fn a_client_error_replaces_a_stale_object() {
    for code in [403, 404] {
        let bench = Bench::new(USUAL);
        bench.origin.says(answer(&[MINUTE], "one"));
        assert_eq!(bench.get().await, miss("one"));
        bench.pass_s(60);
        bench.origin.says(status(code, &[], "error"));
        assert!(
            matches!(bench.get().await, Seen::Answer { verdict: Verdict::Miss, status, .. } if status == code)
        );
        bench.pass_s(10);
        bench.origin.says(Reply::Failure(timeout()));
        assert_eq!(bench.get().await, Seen::Failed(504), "the object is gone after {code}");
    }
}
