//! Commits as an engine may make them, compared with reading everything again.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::pairs::Totals;
use keyfront_engine::MemoryEngine;
use keyfront_store::records::PairsRecord;
use keyfront_store::{Batch, Change, Changes, Engine, Next};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::*;
use crate::follower::{Loaded, Router, State};

fn arn(id: u8) -> KeyValueStoreArn {
    KeyValueStoreArn { account: AccountId::DEVELOPMENT, id: Uuid::from_u128(id.into()) }
}

const STORES: [u8; 3] = [1, 2, 3];

fn head(status: Status, modified_ms: i64) -> Bytes {
    let totals = Totals::default();
    let generation = Generation::FIRST;
    PairsRecord { status, version: 1, totals, created_ms: 1, modified_ms, generation }.encode()
}

#[derive(Clone, Debug)]
enum Step {
    Head(u8, Status, i64),
    NoHead(u8),
    Pair(u8, String, Option<String>),
    Range(Vec<u8>, Vec<u8>),
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-c]{1,2}", Just("é".to_owned()), Just("\u{ffff}".to_owned())]
}

/// A bound somewhere in or around the tables of heads and pairs, also one that is no text.
fn bound() -> impl Strategy<Value = Vec<u8>> {
    let store = || prop::sample::select(STORES.to_vec());
    prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::sample::select(vec![vec![4], vec![5], vec![6], vec![7], vec![9]]),
        1 => store().prop_map(|store| entries::head_key(&arn(store)).to_vec()),
        6 => (store(), key(), vec(prop::sample::select(vec![0, 0x80, 0xc3, 0xff]), 0..2)).prop_map(|(store, key, rest)| {
            [&*entries::pair_key(&arn(store), Generation::FIRST, &key), &rest].concat()
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let store = || prop::sample::select(STORES.to_vec());
    let status = prop::sample::select(vec![Status::Ready, Status::Provisioning, Status::ImportFailure]);
    prop_oneof![
        3 => (store(), status, 0..9_i64).prop_map(|(store, status, at)| Step::Head(store, status, at)),
        1 => store().prop_map(Step::NoHead),
        9 => (store(), key(), prop::option::weighted(0.8, "[x-z]")).prop_map(|(store, key, value)| Step::Pair(store, key, value)),
        2 => (bound(), bound()).prop_map(|(start, end)| Step::Range(start, end)),
    ]
}

fn batch(steps: &[Step]) -> Batch {
    steps.iter().fold(Batch::default(), |batch, step| match step {
        Step::Head(store, status, at) => batch.put(entries::head_key(&arn(*store)), head(*status, *at)),
        Step::NoHead(store) => batch.delete(entries::head_key(&arn(*store))),
        Step::Pair(store, key, Some(value)) => {
            batch.put(entries::pair_key(&arn(*store), Generation::FIRST, key), entries::encode_pair(value))
        }
        Step::Pair(store, key, None) => batch.delete(entries::pair_key(&arn(*store), Generation::FIRST, key)),
        Step::Range(start, end) => batch.delete_range(start.clone(), end.clone()),
    })
}

/// What an engine holds, read again.
async fn read(engine: &MemoryEngine) -> State<ByStore> {
    let ranges: Vec<_> = STORES.iter().flat_map(|id| ByStore.ranges(&arn(*id))).collect();
    let snapshot = engine.read(&ranges).await.unwrap();
    let stores = STORES.iter().zip(snapshot.ranges.chunks(3)).filter_map(|(id, ranges)| {
        let store = ByStore.from_snapshot(&arn(*id), ranges).unwrap()?;
        Some((arn(*id), Loaded::new(snapshot.version, store, 0)))
    });
    State::new(snapshot.version, stores)
}

/// The state after a commit.
fn after(state: &State<ByStore>, change: &Change) -> State<ByStore> {
    let mut router = Router::new();
    for (store, _) in state.parts() {
        router.add(store, ByStore.ranges(store));
    }
    let (after, gone) = state.after(&ByStore, &router, change);
    assert!(gone.iter().all(|store| state.holds(store) && !after.holds(store)));
    after
}

fn store(state: &State<ByStore>, id: u8) -> Option<Arc<Store>> {
    state.take(&arn(id), 0)
}

fn readable(state: &State<ByStore>, id: u8) -> Arc<StorePairs> {
    store(state, id).unwrap().readable().unwrap()
}

/// The state with the stores of another one as well.
fn joined(state: &State<ByStore>, other: &State<ByStore>) -> State<ByStore> {
    other.parts().fold(state.clone(), |state, (store, loaded)| state.with(*store, loaded.clone()))
}

/// Everything that can be seen of a store: its status, its times and its pairs.
type Seen = (Status, i64, i64, Vec<(String, String)>);

fn seen(state: &State<ByStore>, id: u8) -> Option<Seen> {
    let store = store(state, id)?;
    let Store { status, pairs, .. } = &*store;
    let texts = pairs.iter_from("").map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    assert_eq!(store.readable().is_some(), *status == Status::Ready);
    Some((*status, pairs.created_ms(), pairs.modified_ms(), texts))
}

async fn next(changes: &mut Changes) -> Arc<Change> {
    match changes.next().await {
        Next::Change(change) => change,
        other @ (Next::Lagged | Next::Closed) => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_that_is_applied_is_a_commit_that_is_read() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 512, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(vec(step(), 1..12), 1..8), |batches| {
        runtime.block_on(async {
            let engine = MemoryEngine::new();
            let mut changes = engine.watch(Version::NEVER).await.unwrap();
            let mut state = State::new(Version::NEVER, []);
            for steps in &batches {
                engine.commit(batch(steps)).await.unwrap();
                state = after(&state, &*next(&mut changes).await);
                let wanted = read(&engine).await;
                assert_eq!(state.version, wanted.version);
                for id in STORES {
                    if state.holds(&arn(id)) {
                        assert_eq!(seen(&state, id), seen(&wanted, id), "store {id} after {steps:?}");
                    }
                }
                // A store that came into being is loaded; what the change wrote to it is in it already.
                let before = seen_all(&state);
                state = joined(&state, &wanted);
                for (id, before) in STORES.into_iter().zip(before) {
                    assert!(before.is_none() || before == seen(&state, id));
                }
            }
        });
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn seen_all(state: &State<ByStore>) -> Vec<Option<Seen>> {
    STORES.into_iter().map(|id| seen(state, id)).collect()
}

fn change(version: u64, batch: Batch) -> Change {
    Change { version: Version(version), writes: batch.writes }
}

/// A store of two pairs that was read at version `read_at`.
fn loaded(read_at: u64) -> Loaded<Store> {
    let pairs = StorePairs::empty(1, 2).with([("a", "1"), ("b", "2")]);
    let (status, generation, staged) = (Status::Ready, Generation::FIRST, HashMap::new());
    Loaded::new(Version(read_at), Store { status, generation, pairs: Arc::new(pairs), staged }, 0)
}

/// A state at version 5 with that store.
fn state(read_at: u64) -> State<ByStore> {
    State::new(Version(5), [(arn(1), loaded(read_at))])
}

#[test]
fn what_a_store_was_read_with_is_not_applied_again() {
    let put =
        Batch::default().put(entries::pair_key(&arn(1), Generation::FIRST, "a"), entries::encode_pair("old"));
    let state = after(&after(&state(7), &change(6, put.clone())), &change(7, put.clone()));
    assert_eq!(&**readable(&state, 1).get("a").unwrap(), "1");
    let state = after(&state, &change(8, put));
    assert_eq!(&**readable(&state, 1).get("a").unwrap(), "old");
}

#[test]
fn a_store_that_holds_what_cannot_be_read_is_loaded_no_longer_and_the_others_are() {
    for (key, value) in [
        (entries::pair_key(&arn(1), Generation::FIRST, "a"), &b"\x63of a later version"[..]),
        (entries::pair_key(&arn(1), Generation::FIRST, "a"), &b"\x01\xff"[..]),
        (entries::head_key(&arn(1)), &b""[..]),
        (Bytes::from([&*entries::pair_key(&arn(1), Generation::FIRST, ""), b"\xff"].concat()), &b"\x01"[..]),
    ] {
        let state = state(5).with(arn(2), loaded(5));
        let state = after(&state, &change(6, Batch::default().put(key.clone(), value)));
        assert_eq!((state.holds(&arn(1)), state.holds(&arn(2))), (false, true), "{key:?}");
    }
}

#[test]
fn a_commit_to_something_else_leaves_the_pairs_what_they_are() {
    let before = state(5);
    let elsewhere = Batch::default()
        .put(entries::pair_key(&arn(2), Generation::FIRST, "a"), entries::encode_pair("1"))
        .put(&b"\x01another table"[..], "x")
        .delete_range(
            entries::pair_key(&arn(2), Generation::FIRST, ""),
            entries::pair_key(&arn(3), Generation::FIRST, "z"),
        );
    let after = after(&before, &change(6, elsewhere));
    assert!(Arc::ptr_eq(&readable(&before, 1), &readable(&after, 1)));
    assert_eq!(after.version, Version(6));
}
