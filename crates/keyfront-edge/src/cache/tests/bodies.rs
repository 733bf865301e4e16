//! Bodies on their way into the cache.

use super::*;

fn send(sender: &Sender, text: &str) {
    assert!(sender.send(Ok(Bytes::copy_from_slice(text.as_bytes()))).is_ok());
}

#[tokio::test]
async fn viewers_read_while_the_body_comes() {
    let bench = Bench::new(USUAL);
    let (sender, reply) = frames("max-age=60", None);
    bench.origin.says(reply);
    let Ok(mut first) = bench.serve(bench.wanted("/a")).await else { unreachable!("the head is there") };
    let second = bench.spawn(bench.wanted("/a"));
    send(&sender, "ab");
    let frame = first.body.frame().await.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
    assert_eq!(frame.as_deref(), Some(&b"ab"[..]), "before the origin has ended");
    assert_eq!(first.body.length(), None);
    let third = bench.spawn(bench.wanted("/a"));
    idle().await;
    send(&sender, "cd");
    drop(sender);
    assert_eq!(read(first.body).await.as_deref(), Ok("cd"));
    assert_eq!((second.await.ok(), third.await.ok()), (Some(hit("abcd", 0)), Some(hit("abcd", 0))));
    idle().await;
    assert_eq!(bench.get().await, hit("abcd", 0));
    assert_eq!((bench.origin.count(), bench.cache.statistics().filling_bytes), (1, 0));
}

#[tokio::test]
async fn a_range_of_a_body_that_is_coming_begins_when_its_first_byte_is_there() {
    let bench = Bench::new(USUAL);
    let (sender, reply) = frames("max-age=60", Some(8));
    bench.origin.says(reply);
    let Ok(first) = bench.serve(bench.wanted("/a")).await else { unreachable!("the head is there") };
    let second = first.body.try_clone().map(|body| body.range(1..3));
    send(&sender, "abcd");
    idle().await;
    let Some(second) = second else { unreachable!("the body is shared") };
    assert_eq!(read(second).await.as_deref(), Ok("bc"), "although the rest is missing");
    send(&sender, "efgh");
    drop(sender);
    assert_eq!(read(first.body.range(3..6)).await.as_deref(), Ok("def"));
}

/// Kills the leader's viewer after each frame, with and without another viewer.
#[tokio::test]
async fn a_viewer_that_leaves_takes_nothing_from_others() {
    let parts = ["aaaa", "bbbb", "cccc", "dddd"];
    for known in [true, false] {
        for left_after in 0..=parts.len() {
            for with_follower in [true, false] {
                let bench = Bench::new(USUAL);
                let (sender, reply) = frames("max-age=60", known.then_some(16));
                bench.origin.says(reply);
                let leader = bench.serve(bench.wanted("/a")).await;
                let follower = with_follower.then(|| bench.spawn(bench.wanted("/a")));
                idle().await;
                let (before, after) = parts.split_at(left_after);
                for part in before {
                    send(&sender, part);
                }
                idle().await;
                drop(leader);
                idle().await;
                let what =
                    format!("{left_after} of 4 frames, length known: {known}, follower: {with_follower}");
                // "It goes on if the length is known and more than half is there."
                let goes_on = with_follower || (known && left_after > 2);
                assert_eq!(sender.is_closed(), !goes_on, "{what}");
                for part in after {
                    drop(sender.send(Ok(Bytes::from_static(part.as_bytes()))));
                }
                drop(sender);
                idle().await;
                if let Some(follower) = follower {
                    assert_eq!(follower.await.ok(), Some(hit(&parts.concat(), 0)), "{what}");
                }
                bench.origin.says(answer(&[], "again"));
                let expected = if goes_on { hit(&parts.concat(), 0) } else { miss("again") };
                assert_eq!(bench.get().await, expected, "{what}");
                assert_eq!(bench.cache.statistics().filling_bytes, 0, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_kept_and_not_ended() {
    let broken = || OriginFailure::Broken("origin".to_owned(), "reset".to_owned());
    // Frames, whether the origin fails after them or just ends; the length that it said.
    for (sent, fails, length, expected) in [
        (0, true, None, TransferFailed::Origin(broken())),
        (2, true, None, TransferFailed::Origin(broken())),
        (3, true, Some(16), TransferFailed::Origin(broken())),
        (3, false, Some(16), TransferFailed::Length),
        (4, false, Some(15), TransferFailed::Length),
        (0, false, Some(1), TransferFailed::Length),
    ] {
        let bench = Bench::new(USUAL);
        let (sender, reply) = frames("max-age=60", length);
        bench.origin.says(reply);
        let viewers = [bench.spawn(bench.wanted("/a")), bench.spawn(bench.wanted("/a"))];
        idle().await;
        (0..sent).for_each(|_| drop(sender.send(Ok(Bytes::from_static(b"abcd")))));
        if fails {
            drop(sender.send(Err(broken())));
        }
        drop(sender);
        for viewer in viewers {
            assert_eq!(
                viewer.await.ok(),
                Some(Seen::Broken(expected.clone())),
                "{sent} frames of {length:?}"
            );
        }
        bench.origin.says(answer(&[], "again"));
        assert_eq!(bench.get().await, miss("again"));
    }
}

#[tokio::test]
async fn a_slow_viewer_does_not_hold_others() {
    let bench = Bench::new(USUAL);
    let (sender, reply) = frames("max-age=60", Some(300_000));
    bench.origin.says(reply);
    let slow = bench.serve(bench.wanted("/a")).await;
    let text = "x".repeat(100_000);
    for _ in 0..3 {
        send(&sender, &text);
    }
    drop(sender);
    idle().await;
    assert_eq!(bench.get().await, hit(&text.repeat(3), 0));
    assert_eq!(bench.cache.statistics().flights, 0, "all was read from the origin");
    assert_eq!(Seen::of(slow).await, miss(&text.repeat(3)));
}

#[tokio::test]
async fn an_object_that_is_too_large_passes_through() {
    // A quarter of the memory is for fills, and an object may take a quarter of the rest.
    let bench = Bench::with(4 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let text = "x".repeat(1024 * 1024);
    for _ in 0..2 {
        bench.origin.says(answer(&[("content-length", "1048576")], &text));
        assert_eq!(bench.get().await, miss(&text));
    }
    assert_eq!(bench.cache.statistics().objects, 0);
}

#[tokio::test]
async fn a_window_takes_no_more_of_the_budget_than_it_needs() {
    let bench = Bench::with(16 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let (sender, reply) = frames("max-age=60", None);
    bench.origin.says(reply);
    let viewer = bench.spawn(bench.wanted("/a"));
    let text = "x".repeat(512 * 1024);
    let mut most = 0;
    for _ in 0..10 {
        send(&sender, &text);
        idle().await;
        most = most.max(bench.cache.statistics().filling_bytes);
    }
    assert_eq!((most, bench.cache.statistics().filling_bytes), (3 * 1024 * 1024, 1024 * 1024));
    drop(sender);
    assert!(matches!(viewer.await, Ok(Seen::Answer { .. })));
}

#[tokio::test]
async fn a_body_that_turns_out_too_large_goes_on_as_a_window() {
    let bench = Bench::with(4 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let (sender, reply) = frames("max-age=60", None);
    bench.origin.says(reply);
    let viewers = [bench.spawn(bench.wanted("/a")), bench.spawn(bench.wanted("/a"))];
    idle().await;
    let text = "x".repeat(256 * 1024);
    for _ in 0..40 {
        send(&sender, &text);
        idle().await;
        assert!(bench.cache.statistics().filling_bytes <= 1024 * 1024);
    }
    assert_eq!(bench.cache.statistics().flights, 0, "others do not join it");
    drop(sender);
    for viewer in viewers {
        let seen = viewer.await;
        assert!(matches!(seen, Ok(Seen::Answer { text: seen, .. }) if seen == text.repeat(40)));
    }
    idle().await;
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.objects, statistics.filling_bytes), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_stalls_a_window_is_broken_off() {
    let bench = Bench::with(4 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let (sender, reply) = frames("max-age=60", None);
    bench.origin.says(reply);
    let stalled = bench.serve(bench.wanted("/a")).await;
    let reading = bench.spawn(bench.wanted("/a"));
    idle().await;
    let text = "x".repeat(256 * 1024);
    (0..20).for_each(|_| send(&sender, &text));
    drop(sender);
    // Time passes as soon as all wait.
    let seen = reading.await;
    assert!(matches!(seen, Ok(Seen::Answer { text: seen, .. }) if seen == text.repeat(20)));
    assert_eq!(Seen::of(stalled).await, Seen::Broken(TransferFailed::TooSlow));
}

#[tokio::test]
async fn fills_take_no_more_memory_than_they_may() {
    let bench = Bench::with(4 * 1024 * 1024, Origin::of("/a"), rules(USUAL));
    let mut senders = Vec::new();
    let mut viewers = Vec::new();
    for index in 0..6 {
        let (sender, reply) = frames("max-age=60", Some(300_000));
        bench.origin.says(reply);
        senders.push(sender);
        viewers.push(bench.serve(bench.wanted(&format!("/{index}"))).await);
    }
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.filling_bytes, statistics.refused_fills), (900_000, 3));
    let text = "x".repeat(300_000);
    for sender in senders {
        send(&sender, &text);
    }
    for viewer in viewers {
        assert_eq!(Seen::of(viewer).await, miss(&text), "those that are refused pass through");
    }
    idle().await;
    let statistics = bench.cache.statistics();
    assert_eq!((statistics.objects, statistics.filling_bytes), (3, 0));
}

/// AWS, "Dropped TCP connections": without a Content-Length header, CloudFront "returns the object to the viewer and caches
/// it, but the object may not be complete". A body that is known to have broken off is not kept.
#[tokio::test]
async fn a_body_that_the_end_of_the_connection_ends_is_kept() {
    for (last, objects) in [(Some(Err(timeout())), 0), (None, 1)] {
        let bench = Bench::new(USUAL);
        let (sender, reply) = frames("max-age=60", None);
        bench.origin.says(reply);
        send(&sender, "one");
        assert!(last.into_iter().all(|last| sender.send(last).is_ok()));
        drop(sender);
        drop(bench.get().await);
        idle().await;
        assert_eq!(bench.cache.statistics().objects, objects);
    }
}
