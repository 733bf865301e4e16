//! Hits and misses, one request after the other.

use super::*;

#[tokio::test]
async fn an_object_is_fetched_once_while_it_is_fresh() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("cache-control", "max-age=60")], "one"));
    assert!(bench.cache.find(&bench.wanted("/a")).is_none());
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(59);
    assert_eq!(bench.get().await, hit("one", 59));
    let found = bench.cache.find(&bench.wanted("/a"));
    assert_eq!(Seen::of(found.unwrap_or_else(|| Err(timeout()))).await, hit("one", 59));
    bench.pass_s(1);
    assert!(bench.cache.find(&bench.wanted("/a")).is_none());
    bench.origin.says(answer(&[("cache-control", "max-age=60")], "two"));
    assert_eq!(bench.get().await, miss("two"));
    assert_eq!(bench.origin.count(), 2);
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.hits, statistics.misses, statistics.objects), (2, 2, 1));
    assert_eq!((statistics.filling_bytes, statistics.flights), (0, 0));
}

#[tokio::test]
async fn nothing_is_kept_where_caching_is_disabled() {
    let bench = Bench::new(Ttls::DISABLED);
    for text in ["one", "two"] {
        bench.origin.says(answer(&[("cache-control", "max-age=60"), ("age", "5")], text));
        assert_eq!(bench.get().await, seen(Verdict::Miss, text, Some(5), false));
    }
    bench.origin.says(Reply::Failure(timeout()));
    assert_eq!(bench.get().await, Seen::Failed(504));
    bench.origin.says(status(404, &[], "gone"));
    assert!(matches!(bench.get().await, Seen::Answer { status: 404, verdict: Verdict::Miss, .. }));
    assert_eq!(bench.origin.count(), 4);
    assert_eq!(bench.cache.statistics().objects, 0);
}

#[tokio::test]
async fn answers_that_may_not_be_stored_are_fetched_each_time() {
    for control in ["no-store", "private"] {
        let bench = Bench::new(USUAL);
        for text in ["one", "two"] {
            bench.origin.says(answer(&[("cache-control", control)], text));
            assert_eq!(bench.get().await, miss(text), "{control}");
        }
        assert_eq!(bench.cache.statistics().objects, 0);
    }
}

#[tokio::test]
async fn age_grows_from_what_the_origin_says() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("cache-control", "max-age=60"), ("age", "40")], "one"));
    assert_eq!(bench.get().await, seen(Verdict::Miss, "one", Some(40), false));
    bench.pass_s(19);
    assert_eq!(bench.get().await, hit("one", 59));
    let served = bench.serve(bench.wanted("/a")).await;
    assert!(served.is_ok_and(|served| !served.head.headers.contains_key("age") && &*served.origin_id == "o"));
    bench.pass_s(1);
    bench.origin.says(answer(&[], "two"));
    assert_eq!(bench.get().await, miss("two"), "40 seconds of its 60 had passed before");
}

#[tokio::test]
async fn keys_with_one_digest_are_different_objects() {
    let bench = Bench::new(USUAL);
    for key in ["collide1", "collide2", "collide1"] {
        bench.origin.says(answer(&[], key));
        assert_eq!(bench.get_with(bench.wanted(key)).await, miss(key));
    }
    assert_eq!(bench.get_with(bench.wanted("collide1")).await, hit("collide1", 0));
}

#[tokio::test]
async fn an_object_of_get_serves_head() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[], "one"));
    assert_eq!(bench.get().await, miss("one"));
    assert_eq!(bench.head().await, hit("", 0));
    let served = bench.serve(Wanted { is_head: true, ..bench.wanted("/a") }).await;
    assert_eq!(served.ok().and_then(|served| served.body.length()), Some(3), "the length of the object");
    assert_eq!(bench.origin.count(), 1);
}

#[tokio::test]
async fn an_answer_to_head_serves_head_alone() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("content-length", "3")], ""));
    assert_eq!(bench.head().await, miss(""));
    assert_eq!(bench.head().await, hit("", 0));
    bench.origin.says(answer(&[], "one"));
    assert_eq!(bench.get().await, miss("one"));
    assert_eq!(bench.head().await, hit("", 0));
    assert_eq!(bench.get().await, hit("one", 0));
    assert_eq!(bench.origin.count(), 2);
}

#[tokio::test]
async fn errors_are_kept_for_their_own_time() {
    // Status, control, seconds in the cache: "Control how long CloudFront caches errors".
    for (code, control, seconds) in [
        (404, "", 10),
        (404, "max-age=60", 60),
        (503, "", 3),
        (500, "no-store", 10),
        (403, "max-age=20", 20),
        (403, "", 0),
        (404, "no-store", 0),
        (501, "", 0),
    ] {
        let bench = Bench::new(USUAL);
        let expected = |verdict, age_s| Seen::Answer {
            verdict,
            status: code,
            text: "error".to_owned(),
            age_s,
            is_stale: false,
        };
        bench.origin.says(status(code, &[("cache-control", control)], "error"));
        assert_eq!(bench.get().await, expected(Verdict::Miss, None));
        if seconds > 0 {
            bench.pass_s(seconds - 1);
            assert_eq!(bench.get().await, expected(Verdict::Hit, Some(seconds - 1)), "{code} {control}");
            bench.pass_s(1);
        }
        bench.origin.says(answer(&[], "well"));
        assert_eq!(bench.get().await, miss("well"), "{code} {control}");
    }
}

#[tokio::test]
async fn failures_are_kept_as_errors_of_their_status_are() {
    let overloaded = OriginFailure::Overloaded("origin".to_owned());
    for (failure, seconds) in [(timeout(), 10), (overloaded, 3)] {
        let bench = Bench::new(USUAL);
        let expected = Seen::Failed(failure.status());
        bench.origin.says(Reply::Failure(failure));
        assert_eq!(bench.get().await, expected);
        bench.pass_s(seconds - 1);
        assert_eq!(bench.get().await, expected);
        assert_eq!(bench.head().await, expected);
        assert_eq!(bench.origin.count(), 1);
        bench.pass_s(1);
        bench.origin.says(answer(&[], "well"));
        assert_eq!(bench.get().await, miss("well"));
    }
}

#[tokio::test]
async fn an_empty_body_is_an_object() {
    let bench = Bench::new(USUAL);
    bench.origin.says(status(204, &[("cache-control", "max-age=60")], ""));
    for verdict in [Verdict::Miss, Verdict::Hit] {
        let Seen::Answer { verdict: seen, status: 204, text, .. } = bench.get().await else {
            unreachable!("the origin answers")
        };
        assert_eq!((seen, text.as_str()), (verdict, ""));
    }
}

#[tokio::test]
async fn objects_that_need_more_memory_than_there_is_go() {
    let bench = Bench::with(4 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let text = "x".repeat(100_000);
    for index in 0..200 {
        bench.origin.says(answer(&[], &text));
        assert_eq!(bench.get_with(bench.wanted(&format!("/{index}"))).await, miss(&text));
        let statistics = bench.cache.statistics();
        assert!(statistics.bytes <= 3 * 1024 * 1024, "{statistics:?}");
        assert_eq!(statistics.filling_bytes, 0);
    }
    let statistics = bench.cache.statistics();
    assert!((20..32).contains(&statistics.objects), "{statistics:?}");
    assert_eq!(statistics.objects + statistics.evictions, 200);
}

#[tokio::test]
async fn settings_of_a_distribution_may_change_without_losing_objects() {
    let mut bench = Bench::new(USUAL);
    bench.origin.says(answer(&[], "one"));
    assert_eq!(bench.get().await, miss("one"));
    bench.rules = Arc::new(rules(Ttls { min_s: 5, default_s: 10, max_s: 20 }));
    bench.pass_s(30);
    assert_eq!(bench.get().await, hit("one", 30));
}

#[test]
fn one_object_may_take_what_the_settings_say() {
    const MIB: u64 = 1024 * 1024;
    // Memory and what one object may take at least, on any number of processors.
    for (memory, least) in
        [(8, 3 * MIB / 2), (64, 12 * MIB), (256, 12 * MIB), (1024, 12 * MIB), (65_536, 12 * MIB)]
    {
        let settings = CacheSettings { memory_bytes: memory * MIB, ..CacheSettings::default() };
        let cache = Cache::new(&settings, None, Arc::new(SystemClock::new()));
        let limit = cache.inner.memory.object_limit();
        assert!(limit >= least, "{memory} MiB: {limit}");
    }
}

/// AWS: "Cache content based on cookies", "Disable caching of Set-Cookie headers".
#[tokio::test]
async fn headers_that_no_cache_names_are_for_the_one_who_asked() {
    let bench = Bench::new(USUAL);
    let control = ("cache-control", "no-cache=\"Set-Cookie\", max-age=60");
    bench.origin.says(answer(&[control, ("set-cookie", "id=1"), ("etag", "\"1\"")], "one"));
    for (after_s, verdict, cookie) in [
        (0, Verdict::Miss, Some("id=1")),
        (1, Verdict::Hit, None),
        (60, Verdict::RefreshHit, None),
        (1, Verdict::Hit, None),
    ] {
        bench.pass_s(after_s);
        if verdict == Verdict::RefreshHit {
            bench.origin.says(status(304, &[control, ("set-cookie", "id=2")], ""));
        }
        let served = bench.serve(bench.wanted("/a")).await.unwrap();
        assert_eq!((served.verdict, served.head.text("set-cookie")), (verdict, cookie));
        served.body.collect().await.unwrap();
    }
    assert_eq!(bench.origin.count(), 2);
}

#[tokio::test]
async fn the_one_who_asked_learns_how_long_the_origin_took() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("cache-control", "max-age=60"), ("etag", "\"1\"")], "one"));
    for (after_s, has_times) in [(0, true), (1, false), (60, true), (1, false)] {
        bench.pass_s(after_s);
        bench.origin.says(status(304, &[("cache-control", "max-age=60")], ""));
        let served = bench.serve(bench.wanted("/a")).await.unwrap();
        assert_eq!(served.times.is_some(), has_times, "{after_s}");
        served.body.collect().await.unwrap();
    }
}

/// RFC 9110 section 6.6.1.
#[tokio::test]
async fn an_object_without_a_date_is_dated_when_it_comes() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("cache-control", "max-age=60"), ("etag", "\"1\"")], "one"));
    let mut dates = Vec::new();
    for after_s in [0, 30, 31, 1] {
        bench.pass_s(after_s);
        if after_s == 31 {
            bench.origin.says(status(304, &[("cache-control", "max-age=60")], ""));
        }
        let served = bench.serve(bench.wanted("/a")).await.unwrap();
        dates.push(served.head.text("date").and_then(|date| httpdate::parse_http_date(date).ok()).unwrap());
        served.body.collect().await.unwrap();
    }
    let since = |date: &std::time::SystemTime| date.duration_since(dates[0]).unwrap().as_secs();
    assert_eq!(dates.iter().map(since).collect::<Vec<_>>(), [0, 0, 61, 61]);
}
