//! A follower that lags, and one whose engine fails.

use super::*;
use crate::failing_engine::{Failing, FailingEngine};

fn dynamic(engine: &Arc<FailingEngine>) -> Arc<dyn Engine> {
    engine.clone()
}

/// Pairs that follow a failing engine, with store 1 loaded; store 2 is there.
async fn followed() -> (Arc<FailingEngine>, Pairs) {
    let engine = Arc::new(FailingEngine::new());
    create(&*engine, &new(1), &[("a", "1")]).await;
    create(&*engine, &new(2), &[("a", "other")]).await;
    let view = Pairs::follow(dynamic(&engine), None);
    view.load(&arn(1)).await.unwrap().unwrap();
    (engine, view)
}

/// Makes the view lag: it is told of the last commit alone.
async fn write_unseen(engine: &FailingEngine) {
    engine.hold_back();
    write(engine, 1, &[("a", "2")], &[], 2).await;
    write(engine, 1, &[("b", "3")], &[], 3).await;
    write(engine, 2, &[("b", "3")], &[], 3).await;
    engine.publish();
}

#[tokio::test]
async fn a_view_that_lagged_reads_afresh() {
    let (engine, view) = followed().await;
    for _ in 0..3 {
        write_unseen(&engine).await;
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "2"), ("b", "3")]));
        // And follows from there.
        write(&*engine, 1, &[("a", "1")], &["b"], 4).await;
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "1")]));
        delete(&*engine, 2).await;
        create(&*engine, &new(2), &[]).await;
    }
}

#[tokio::test]
async fn a_store_that_was_deleted_while_the_view_lagged_is_gone() {
    let (engine, view) = followed().await;
    engine.hold_back();
    delete(&*engine, 1).await;
    write(&*engine, 2, &[("b", "3")], &[], 3).await;
    engine.publish();
    catch_up(&view, &*engine).await;
    assert!(view.get(&arn(1)).is_none());
}

#[tokio::test]
async fn while_the_engine_fails_the_view_serves_what_it_has_and_then_goes_on() {
    for failing in [Failing::Reads, Failing::Watches] {
        let (engine, view) = followed().await;
        let before = view.version();
        engine.hold_back();
        // A write reads, so the engine fails after it.
        write(&*engine, 1, &[("a", "2")], &[], 2).await;
        write(&*engine, 1, &[("b", "3")], &[], 3).await;
        engine.fail(Some(failing));
        let failed = engine.failed(4);
        engine.publish();
        failed.await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "1")]), "{failing:?}");
        assert_eq!(view.version(), before, "{failing:?}");
        assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), text(&[("a", "1")]), "{failing:?}");
        engine.fail(None);
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "2"), ("b", "3")]), "{failing:?}");
    }
}

#[tokio::test]
async fn a_load_that_fails_says_so_to_everybody_and_the_next_one_tries_again() {
    for failing in [Failing::Reads, Failing::Watches] {
        let (engine, view) = followed().await;
        engine.fail(Some(failing));
        let store = arn(2);
        let (one, two) = tokio::join!(view.load(&store), view.load(&store));
        for answer in [one, two] {
            let error = answer.unwrap_err().to_string();
            assert_eq!(error, format!("reading from the store failed: {failing:?} fail"));
        }
        engine.fail(None);
        assert_eq!(pairs(view.load(&store).await.unwrap()), text(&[("a", "other")]));
    }
}

#[tokio::test]
async fn a_view_that_begins_with_a_failing_engine_begins_when_it_works() {
    let engine = Arc::new(FailingEngine::new());
    create(&*engine, &new(1), &[("a", "1")]).await;
    engine.fail(Some(Failing::Reads));
    let view = Pairs::follow(dynamic(&engine), None);
    engine.failed(2).await;
    assert!(view.load(&arn(1)).await.is_err());
    engine.fail(None);
    assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), text(&[("a", "1")]));
    catch_up(&view, &*engine).await;
}

#[tokio::test]
async fn a_store_that_cannot_be_read_fails_alone() {
    let (engine, view) = followed().await;
    view.load(&arn(2)).await.unwrap().unwrap();
    // A value of a version that there is not: table, account, id and key of a pair.
    let damaged = [&b"\x06"[..], ACCOUNT.as_bytes(), arn(1).id.as_bytes(), b"a"].concat();
    engine.commit(Batch::default().put(damaged, &b"\xffvalue"[..])).await.unwrap();
    catch_up(&view, &*engine).await;
    assert!(view.get(&arn(1)).is_none());
    assert!(view.load(&arn(1)).await.unwrap_err().to_string().contains("pair record"));
    write(&*engine, 2, &[("a", "2")], &[], 2).await;
    catch_up(&view, &*engine).await;
    assert_eq!(pairs(view.get(&arn(2))), text(&[("a", "2")]));
}

#[tokio::test]
async fn a_store_that_is_loaded_while_the_view_reads_afresh_misses_nothing() {
    let (engine, view) = followed().await;
    engine.hold_back();
    write(&*engine, 1, &[("a", "2")], &[], 2).await;
    write(&*engine, 2, &[("b", "3")], &[], 3).await;
    engine.fail(Some(Failing::Watches));
    let failed = engine.failed(1);
    engine.publish();
    failed.await;
    engine.fail(None);
    // The follower pauses; what is loaded now joins when it has read.
    let store = arn(2);
    let (loaded, ()) = tokio::join!(view.load(&store), write(&*engine, 2, &[("c", "4")], &[], 4));
    assert!(loaded.unwrap().is_some());
    catch_up(&view, &*engine).await;
    assert_eq!(pairs(view.get(&arn(2))), text(&[("a", "other"), ("b", "3"), ("c", "4")]));
}
