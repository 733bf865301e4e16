//! Invalidations.

use super::*;

#[tokio::test]
async fn an_invalidated_object_is_fetched_anew() {
    for (path, drops) in
        [("/a", true), ("/*", true), ("/a*", true), ("/A", false), ("/a/", false), ("/b*", false)]
    {
        let bench = Bench::new(USUAL);
        bench.origin.says(answer(&[("etag", "\"1\"")], "one"));
        assert_eq!(bench.get().await, miss("one"));
        bench.invalidate(path);
        bench.origin.says(answer(&[("etag", "\"2\"")], "two"));
        assert_eq!(bench.get().await, if drops { miss("two") } else { hit("one", 0) }, "{path}");
        assert_eq!(bench.get().await, hit(if drops { "two" } else { "one" }, 0), "{path}");
        assert!(bench.origin.asked().iter().all(Option::is_none), "it is not asked whether it has changed");
    }
}

#[tokio::test]
async fn both_names_of_a_rewritten_object_count() {
    for path in ["/index.html", "/en/index.html"] {
        let origin = Origin {
            targets: vec!["/index.html".to_owned(), "/en/index.html".to_owned()],
            ..Origin::default()
        };
        let bench = Bench::with(8 * 1024 * 1024, origin, rules(USUAL));
        bench.origin.says(answer(&[], "one"));
        assert_eq!(bench.get().await, miss("one"));
        bench.invalidate(path);
        assert!(bench.cache.find(&bench.wanted("/a")).is_none(), "{path}");
    }
}

#[tokio::test]
async fn invalidations_are_of_a_distribution_and_of_a_tenant() {
    for (scope, drops) in [("E1", true), ("dt_1", true), ("E2", false), ("dt_2", false)] {
        let bench = Bench::new(USUAL);
        let wanted = Wanted { scopes: Arc::from([Arc::from("E1"), Arc::from("dt_1")]), ..bench.wanted("/a") };
        bench.origin.says(answer(&[], "one"));
        assert_eq!(bench.get_with(wanted.clone()).await, miss("one"));
        bench.cache.invalidations().apply(scope, ["/a"]);
        assert_eq!(bench.cache.find(&wanted).is_none(), drops, "{scope}");
    }
}

#[tokio::test]
async fn an_object_whose_fetch_began_before_is_not_used_after() {
    // The invalidation comes before the head, between head and body, or between two frames.
    for moment in 0..3 {
        let bench = Bench::gated(USUAL);
        let (sender, reply) = frames("max-age=60", Some(4));
        bench.origin.says(reply);
        let first = bench.spawn(bench.wanted("/a"));
        idle().await;
        for at in 0..3 {
            if at == moment {
                bench.invalidate("/a");
            }
            match at {
                0 => bench.release(1),
                _ => assert!(sender.send(Ok(Bytes::from_static(b"ol"))).is_ok()),
            }
            idle().await;
        }
        drop(sender);
        assert_eq!(first.await.ok(), Some(miss("olol")), "who asked before may have it");
        idle().await;
        assert_eq!(bench.cache.statistics().objects, 0, "{moment}");
        bench.origin.says(answer(&[], "new"));
        bench.release(1);
        assert_eq!(bench.get().await, miss("new"), "{moment}");
    }
}

#[tokio::test]
async fn a_request_after_an_invalidation_does_not_join_a_fetch_from_before() {
    let bench = Bench::gated(USUAL);
    let before = bench.spawn(bench.wanted("/a"));
    idle().await;
    bench.invalidate("/a");
    let after = bench.spawn(bench.wanted("/a"));
    idle().await;
    bench.origin.says(answer(&[], "old"));
    bench.origin.says(answer(&[], "new"));
    bench.release(1);
    idle().await;
    bench.release(1);
    assert_eq!((before.await.ok(), after.await.ok()), (Some(miss("old")), Some(miss("new"))));
    assert_eq!(bench.get().await, hit("new", 0));
}

#[tokio::test]
async fn a_revalidation_that_began_before_brings_nothing_back() {
    let bench = Bench::gated(USUAL);
    let headers = [("cache-control", "max-age=60"), ("etag", "\"1\"")];
    bench.origin.says(answer(&headers, "one"));
    bench.release(1);
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(60);
    let request = bench.spawn(bench.wanted("/a"));
    idle().await;
    bench.invalidate("/a");
    bench.origin.says(status(304, &headers, ""));
    bench.origin.says(answer(&headers, "two"));
    bench.release(2);
    assert_eq!(request.await.ok(), Some(miss("two")));
}

#[tokio::test]
async fn neither_stale_objects_nor_failures_outlive_an_invalidation() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[("cache-control", "max-age=60")], "one"));
    assert_eq!(bench.get().await, miss("one"));
    bench.pass_s(60);
    bench.invalidate("/a");
    bench.origin.says(Reply::Failure(timeout()));
    assert_eq!(bench.get().await, Seen::Failed(504));
    bench.invalidate("/a");
    bench.origin.says(answer(&[], "two"));
    assert_eq!(bench.get().await, miss("two"), "you can invalidate the cached error code");
}

#[tokio::test]
async fn ten_thousand_invalidations_are_forgotten_when_all_objects_have_seen_them() {
    let bench = Bench::gated(USUAL);
    bench.release(1_000);
    for index in 0..1_000 {
        bench.origin.says(answer(&[], "x"));
        bench.get_with(bench.wanted(&format!("/{index}"))).await;
    }
    // A fetch that is under way has yet to see what comes now.
    let slow = bench.spawn(bench.wanted("/slow"));
    idle().await;
    for index in 0..5_000 {
        bench.invalidate(&format!("/other/{index}"));
        bench.invalidate(&format!("/other/{index}/*"));
    }
    let invalidations = bench.cache.invalidations();
    assert_eq!(invalidations.remembered(), 10_000);
    bench.cache.sweep().await;
    assert_eq!(invalidations.remembered(), 10_000, "the fetch has not ended");
    assert!(bench.cache.find(&bench.wanted("/999")).is_some_and(|found| found.is_ok()));
    bench.origin.says(answer(&[], "x"));
    bench.release(1);
    assert_eq!(slow.await.ok(), Some(miss("x")));
    idle().await;
    bench.cache.sweep().await;
    assert_eq!((invalidations.remembered(), bench.cache.statistics().objects), (0, 1_001));
    bench.invalidate("/*");
    bench.cache.sweep().await;
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.objects, statistics.bytes, statistics.invalidated), (0, 0, 1_001));
}

#[tokio::test(start_paused = true)]
async fn the_sweeper_comes_after_an_invalidation() {
    let bench = Bench::new(USUAL);
    bench.origin.says(answer(&[], "one"));
    assert_eq!(bench.get().await, miss("one"));
    let sweeper = tokio::spawn(bench.cache.clone().keep_swept());
    idle().await;
    bench.invalidate("/a");
    idle().await;
    tokio::time::advance(Duration::from_secs(2)).await;
    idle().await;
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.objects, statistics.invalidated), (0, 1));
    assert_eq!(bench.cache.invalidations().remembered(), 0);
    sweeper.abort();
}
