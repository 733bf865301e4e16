//! Many requests at once.

use super::*;

#[tokio::test]
async fn requests_for_one_object_wait_for_one_fetch() {
    let bench = Bench::gated(USUAL);
    let requests: Vec<_> = (0..5).map(|_| bench.spawn(bench.wanted("/a"))).collect();
    let head = bench.spawn(Wanted { is_head: true, ..bench.wanted("/a") });
    let other = bench.spawn(bench.wanted("/b"));
    idle().await;
    bench.origin.says(answer(&[], "one"));
    bench.origin.says(answer(&[], "other"));
    bench.release(2);
    let mut seen = Vec::new();
    for request in requests {
        seen.extend(request.await);
    }
    assert_eq!(seen, [miss("one"), hit("one", 0), hit("one", 0), hit("one", 0), hit("one", 0)]);
    assert_eq!(head.await.ok(), Some(hit("", 0)));
    assert_eq!(other.await.ok(), Some(miss("other")));
    assert_eq!((bench.origin.count(), bench.cache.statistics().collapsed), (2, 5));
}

#[tokio::test]
async fn a_get_does_not_wait_for_a_head() {
    let bench = Bench::gated(USUAL);
    let head = bench.spawn(Wanted { is_head: true, ..bench.wanted("/a") });
    idle().await;
    let get = bench.spawn(bench.wanted("/a"));
    idle().await;
    bench.origin.says(answer(&[], ""));
    bench.origin.says(answer(&[], "one"));
    bench.release(2);
    assert_eq!((head.await.ok(), get.await.ok()), (Some(miss("")), Some(miss("one"))));
    idle().await;
    assert_eq!(bench.get().await, hit("one", 0));
    assert_eq!(bench.cache.statistics().flights, 0);
}

#[tokio::test]
async fn where_cookies_are_forwarded_each_request_fetches() {
    let bench = Bench::with(
        8 * 1024 * 1024,
        Origin { gate: Some(Semaphore::new(0)), ..Origin::of("/a") },
        CachingRules { collapse: false, ..rules(USUAL) },
    );
    let requests = [bench.spawn(bench.wanted("/a")), bench.spawn(bench.wanted("/a"))];
    idle().await;
    bench.origin.says(answer(&[], "one"));
    bench.origin.says(answer(&[], "one"));
    bench.release(2);
    for request in requests {
        assert_eq!(request.await.ok(), Some(miss("one")));
    }
    idle().await;
    assert_eq!(bench.get().await, hit("one", 0), "and keeps what it got");
}

#[tokio::test]
async fn an_answer_that_may_not_be_shared_releases_those_who_wait() {
    for control in ["private", "no-store", "no-cache", "max-age=0", "s-maxage=0"] {
        let bench = Bench::gated(USUAL);
        let requests: Vec<_> = (0..4).map(|_| bench.spawn(bench.wanted("/a"))).collect();
        idle().await;
        for text in ["1", "2", "3", "4", "5", "6"] {
            bench.origin.says(answer(&[("cache-control", control)], text));
        }
        bench.release(1);
        idle().await;
        bench.release(3);
        let mut texts = Vec::new();
        for request in requests {
            if let Ok(Seen::Answer { verdict: Verdict::Miss, text, .. }) = request.await {
                texts.push(text);
            }
        }
        texts.sort();
        assert_eq!(texts, ["1", "2", "3", "4"], "{control}");
        // For ten seconds nothing waits for this key: both are with the origin at once.
        let requests = [bench.spawn(bench.wanted("/a")), bench.spawn(bench.wanted("/a"))];
        idle().await;
        assert_eq!(bench.cache.statistics().flights, 0, "{control}");
        bench.release(2);
        for request in requests {
            assert!(matches!(request.await, Ok(Seen::Answer { verdict: Verdict::Miss, .. })));
        }
        bench.pass_s(10);
        let _waiting = bench.spawn(bench.wanted("/a"));
        idle().await;
        assert_eq!(bench.cache.statistics().flights, 1, "{control}");
    }
}

#[tokio::test]
async fn a_key_that_becomes_shareable_collapses_again() {
    let bench = Bench::gated(USUAL);
    bench.origin.says(answer(&[("cache-control", "no-store")], "one"));
    bench.origin.says(answer(&[("cache-control", "max-age=1")], "two"));
    bench.release(2);
    assert_eq!(bench.get().await, miss("one"));
    assert_eq!(bench.get().await, miss("two"));
    bench.pass_s(1);
    let _first = bench.spawn(bench.wanted("/a"));
    idle().await;
    assert_eq!(bench.cache.statistics().flights, 1);
}

#[tokio::test]
async fn a_failure_is_for_all_who_wait() {
    for failure in [timeout(), OriginFailure::NotReachableHere("x".to_owned())] {
        let bench = Bench::gated(USUAL);
        let requests: Vec<_> = (0..3).map(|_| bench.spawn(bench.wanted("/a"))).collect();
        idle().await;
        let expected = failure.status();
        bench.origin.says(Reply::Failure(failure));
        bench.release(1);
        for request in requests {
            assert_eq!(request.await.ok(), Some(Seen::Failed(expected)));
        }
        assert_eq!(bench.origin.count(), 1);
    }
}

#[tokio::test]
async fn a_fetch_goes_on_without_its_first_viewer() {
    let bench = Bench::gated(USUAL);
    let leader = bench.spawn(bench.wanted("/a"));
    idle().await;
    let follower = bench.spawn(bench.wanted("/a"));
    idle().await;
    leader.abort();
    idle().await;
    bench.origin.says(answer(&[], "one"));
    bench.release(1);
    assert_eq!(follower.await.ok(), Some(hit("one", 0)));
    assert_eq!(bench.origin.count(), 1);
}

#[tokio::test]
async fn a_fetch_ends_when_all_viewers_have_left() {
    let bench = Bench::gated(USUAL);
    let requests: Vec<_> = (0..3).map(|_| bench.spawn(bench.wanted("/a"))).collect();
    idle().await;
    requests.iter().for_each(tokio::task::JoinHandle::abort);
    idle().await;
    assert_eq!(bench.cache.statistics().flights, 0);
    bench.origin.says(answer(&[], "one"));
    bench.release(1);
    assert_eq!(bench.get().await, miss("one"));
    assert_eq!(bench.origin.count(), 1, "the first fetch never came to its answer");
}

#[tokio::test(start_paused = true)]
async fn a_request_does_not_wait_forever_for_another() {
    let bench = Bench::gated(USUAL);
    let leader = bench.spawn(bench.wanted("/a"));
    idle().await;
    let follower = bench.spawn(bench.wanted("/a"));
    idle().await;
    tokio::time::advance(Duration::from_secs(31)).await;
    idle().await;
    bench.origin.says(answer(&[], "one"));
    bench.origin.says(answer(&[], "two"));
    bench.release(2);
    assert_eq!((leader.await.ok(), follower.await.ok()), (Some(miss("one")), Some(miss("two"))));
}

#[tokio::test]
async fn a_fill_that_has_become_stale_is_not_joined() {
    let bench = Bench::new(USUAL);
    let (sender, reply) = frames("max-age=60", Some(6));
    bench.origin.says(reply);
    let first = bench.spawn(bench.wanted("/a"));
    idle().await;
    let second = bench.spawn(bench.wanted("/a"));
    idle().await;
    bench.pass_s(60);
    bench.origin.says(answer(&[], "new"));
    assert_eq!(bench.get().await, miss("new"));
    assert!(sender.send(Ok(Bytes::from_static(b"oldold"))).is_ok());
    drop(sender);
    assert_eq!(first.await.ok(), Some(miss("oldold")));
    assert!(matches!(second.await, Ok(Seen::Answer { verdict: Verdict::Hit, text, .. }) if text == "oldold"));
}
