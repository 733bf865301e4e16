//! Stores that are larger than a batch of the engine: their pairs change in several commits, of which one counts.

use keyfront_engine::{Limits, MemorySettings};

use super::*;

fn many(tag: &str, count: usize) -> Vec<(String, String)> {
    (0..count).map(|i| (format!("key {i:04}"), format!("{tag} {i}"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_staged_is_shown_before_and_after_and_never_by_half() {
    let limits = Limits { writes: 64, bytes: 64 << 10 };
    let engine: Arc<dyn Engine> =
        Arc::new(MemoryEngine::with(MemorySettings { limits, skips_versions: true }));
    let mut states = vec![many("first", 150)];
    stores::create_filled(&*engine, &new(1), &states[0], u64::MAX).await.unwrap();
    let view = Pairs::follow(Arc::clone(&engine), None);
    assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), states[0]);
    for round in 0..5_u64 {
        let next = many(&format!("round {round}"), 200);
        states.push(next.clone());
        let writing = Arc::clone(&engine);
        let writer = tokio::spawn(async move {
            let quotas = Quotas::default();
            let puts = next.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let update = Update::of_any_number(puts, [], &quotas).unwrap();
            let if_match = etag::data_plane(round + 1);
            stores::write_pairs(&*writing, &arn(1), &if_match, &update, None, &quotas, 7).await.unwrap()
        });
        while !writer.is_finished() {
            let shown = pairs(view.get(&arn(1)));
            assert!(states.contains(&shown), "{} pairs of different commits", shown.len());
            tokio::task::yield_now().await;
        }
        assert!(matches!(writer.await.unwrap(), WriteOutcome::Written(_)));
        catch_up(&view, &*engine).await;
        assert_eq!(Some(&pairs(view.get(&arn(1)))), states.last());
        assert_eq!(view.version(), engine.stats().version);
    }
    // A small change goes by as any other.
    write(&*engine, 1, &[("key 0000", "changed")], &[], 8).await;
    catch_up(&view, &*engine).await;
    assert_eq!(pairs(view.get(&arn(1)))[0].1, "changed");
}
