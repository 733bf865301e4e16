//! Random operations, after each of which the view shows what the engine holds.

use std::collections::BTreeMap;

use keyfront_store::Abort;
use keyfront_store::stores::ReadPairs;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

#[derive(Clone, Debug)]
enum Operation {
    Create { id: u8, held: bool, pairs: Vec<(u8, u8)> },
    Finish { id: u8, pairs: Option<Vec<(u8, u8)>> },
    Delete { id: u8 },
    Write { id: u8, puts: Vec<(u8, u8)>, deletes: Vec<u8> },
    Load { id: u8 },
    Forget { id: u8 },
    Save,
    Restore,
    Reset,
}

fn operation() -> impl Strategy<Value = Operation> {
    let id = || 0..3_u8;
    let pairs = move || vec((0..8_u8, 0..4_u8), 0..6);
    prop_oneof![
        3 => (id(), any::<bool>(), pairs()).prop_map(|(id, held, pairs)| Operation::Create { id, held, pairs }),
        2 => (id(), prop::option::weighted(0.8, pairs())).prop_map(|(id, pairs)| Operation::Finish { id, pairs }),
        1 => id().prop_map(|id| Operation::Delete { id }),
        6 => (id(), pairs(), vec(0..8_u8, 0..4)).prop_map(|(id, puts, deletes)| Operation::Write { id, puts, deletes }),
        4 => id().prop_map(|id| Operation::Load { id }),
        1 => id().prop_map(|id| Operation::Forget { id }),
        1 => Just(Operation::Save),
        2 => Just(Operation::Restore),
        1 => Just(Operation::Reset),
    ]
}

#[test]
fn after_any_sequence_the_view_shows_what_the_engine_holds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(operation(), 1..40), |operations| {
        let (engines, _folder) = engines();
        for engine in engines {
            runtime.block_on(compare(engine, &operations));
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

async fn compare(engine: Arc<dyn Engine>, operations: &[Operation]) {
    let view = Pairs::follow(Arc::clone(&engine), None);
    let mut saved = saved_states::SavedEntries::empty();
    let mut loaded: BTreeMap<u8, bool> = BTreeMap::new();
    for operation in operations {
        apply(&*engine, &view, operation, &mut saved).await;
        if let Operation::Load { id } = operation {
            loaded.insert(*id, true);
        }
        if let Operation::Forget { id } = operation {
            loaded.remove(id);
        }
        catch_up(&view, &*engine).await;
        assert_eq!(view.version(), engine.stats().version);
        for id in 0..3 {
            let held = held(&*engine, id).await;
            let shown = view.get(&arn(id.into()));
            // A store that is not loaded shows nothing; one that is deleted has to be loaded again.
            assert!(shown.is_none() || loaded.contains_key(&id));
            if shown.is_some() || loaded.contains_key(&id) {
                let shown = if shown.is_some() { shown } else { view.load(&arn(id.into())).await.unwrap() };
                let shown = shown.map(|image| (image.created_ms(), image.modified_ms(), pairs(Some(image))));
                assert_eq!(shown, held, "store {id} after {operation:?}");
            }
        }
    }
}

/// What the engine holds: times and pairs.
async fn held(engine: &dyn Engine, id: u8) -> Option<(i64, i64, Vec<(String, String)>)> {
    match stores::read_pairs(engine, &arn(id.into())).await.unwrap() {
        ReadPairs::Unreadable(_) => None,
        ReadPairs::Found(all) => {
            let pairs = all.iter().map(|pair| pair.unwrap());
            let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            Some((all.head.created_ms, all.head.modified_ms, pairs))
        }
    }
}

fn texts(pairs: &[(u8, u8)]) -> Vec<(String, String)> {
    let pairs: BTreeMap<_, _> = pairs.iter().copied().collect();
    pairs.into_iter().map(|(key, value)| (format!("k{key}"), format!("v{value}"))).collect()
}

/// A name that is taken or a store that has gone is part of a random sequence; a failure of storage is not.
fn made_or_refused<T>(outcome: Result<T, Abort<stores::Refused>>) {
    if let Err(Abort::Storage(error)) = outcome {
        panic!("{error}");
    }
}

async fn apply(
    engine: &dyn Engine,
    view: &Pairs,
    operation: &Operation,
    saved: &mut saved_states::SavedEntries,
) {
    match operation {
        Operation::Create { id, held, pairs } => {
            let new = NewKeyValueStore { held: *held, now_ms: 3, ..new((*id).into()) };
            let pairs = if *held { Vec::new() } else { texts(pairs) };
            made_or_refused(stores::create_filled(engine, &new, &pairs, u64::MAX).await);
        }
        Operation::Finish { id, pairs } => {
            let pairs = pairs.as_ref().map(|pairs| texts(pairs));
            let result = pairs.as_deref().ok_or("a reason");
            stores::finish_import(engine, &arn((*id).into()), result, 4).await.unwrap();
        }
        Operation::Delete { id } => {
            made_or_refused(stores::delete(engine, &arn((*id).into()), &etag::control_plane(1), 5).await);
        }
        Operation::Write { id, puts, deletes } => {
            if held(engine, *id).await.is_some() {
                let puts = texts(puts);
                let puts: Vec<_> = puts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
                let deletes: Vec<_> = deletes.iter().map(|key| format!("k{key}")).collect();
                let deletes: Vec<_> = deletes.iter().map(String::as_str).collect();
                write(engine, (*id).into(), &puts, &deletes, 6).await;
            }
        }
        Operation::Load { id } => drop(view.load(&arn((*id).into())).await.unwrap()),
        Operation::Forget { id } => {
            view.forget(&arn((*id).into())).await;
        }
        Operation::Save => *saved = saved_states::take(engine).await.unwrap(),
        Operation::Restore => drop(saved_states::restore(engine, saved).await.unwrap()),
        Operation::Reset => {
            saved_states::restore(engine, &saved_states::SavedEntries::empty()).await.unwrap();
        }
    }
}
