//! Random operations on an engine and on the memory engine, compared after each.
//!
//! Two engines count their versions differently, so versions are compared by the commits that they stand for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_engine::{Batch, Check, Engine, Entry, MemoryEngine, Outcome, Range, Snapshot, Version, Write};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[derive(Clone, Debug)]
enum Operation {
    /// A batch whose checks name versions relative to what the model holds.
    Commit {
        checks: Vec<(Bytes, Guess)>,
        writes: Vec<Write>,
    },
    Read(Vec<Range>),
    /// Closes the engine and opens it again.
    Reopen,
}

#[derive(Clone, Copy, Debug)]
enum Guess {
    Right,
    Never,
    Earlier,
}

/// Runs `cases` random sequences on engines that `open` opens in a folder, each in a folder of its own.
/// Opening the same folder again continues with what was committed.
pub fn behaves_like_memory(cases: u32, open: impl Fn(&Path) -> Arc<dyn Engine>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(operation(), 1..40), |operations| {
        let folder = tempfile::tempdir().expect("a folder");
        runtime.block_on(compare(operations, &|| open(folder.path())));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

async fn compare(operations: Vec<Operation>, open: &dyn Fn() -> Arc<dyn Engine>) {
    let model = MemoryEngine::new();
    let mut engine = open();
    // The engine's version of each of the model's.
    let mut versions = BTreeMap::from([(Version::NEVER, Version::NEVER)]);
    for operation in operations {
        match operation {
            Operation::Commit { checks, writes } => {
                let on_model =
                    Batch { checks: resolved(&model, &checks).await, writes, unchanged_since: None };
                let checks = resolved(&*engine, &checks).await;
                let on_engine = Batch { checks, ..on_model.clone() };
                let expected = model.commit(on_model).await.expect("a commit");
                let outcome = engine.commit(on_engine).await.expect("a commit");
                if let (Outcome::Committed(expected), Outcome::Committed(version)) = (expected, outcome) {
                    let known = *versions.entry(expected).or_insert(version);
                    assert_eq!(known, version);
                } else {
                    assert_eq!(outcome, expected);
                }
            }
            Operation::Read(ranges) => {
                let expected = translated(model.read(&ranges).await.expect("a read"), &versions);
                assert_eq!(engine.read(&ranges).await.expect("a read"), expected);
            }
            Operation::Reopen => {
                drop(engine);
                engine = open();
            }
        }
    }
    let everything = [Range::prefix("")];
    let expected = translated(model.read(&everything).await.expect("a read"), &versions);
    assert_eq!(engine.read(&everything).await.expect("a read"), expected);
}

/// The checks that the guesses mean on an engine.
async fn resolved(engine: &dyn Engine, guesses: &[(Bytes, Guess)]) -> Vec<Check> {
    let mut checks = Vec::with_capacity(guesses.len());
    for (key, guess) in guesses {
        let found = engine.read(&[Range::key(key.clone())]).await.expect("a read").version_of(0);
        let version = match guess {
            Guess::Right => found,
            Guess::Never => Version::NEVER,
            Guess::Earlier => Version(found.0.saturating_sub(1)),
        };
        checks.push(Check { key: key.clone(), version });
    }
    checks
}

/// What the model read, with the versions that the engine has for the same commits.
fn translated(snapshot: Snapshot, versions: &BTreeMap<Version, Version>) -> Snapshot {
    let version = |version| *versions.get(&version).expect("a version that was committed");
    let entry = |entry: Entry| Entry { version: version(entry.version), ..entry };
    let ranges = snapshot.ranges.into_iter().map(|entries| entries.into_iter().map(entry).collect());
    Snapshot { version: version(snapshot.version), ranges: ranges.collect() }
}

fn operation() -> impl Strategy<Value = Operation> {
    let checks = vec(
        (key(), prop_oneof![4 => Just(Guess::Right), 1 => Just(Guess::Never), 1 => Just(Guess::Earlier)]),
        0..3,
    );
    prop_oneof![
        6 => (checks, vec(write(), 0..6)).prop_map(|(checks, writes)| Operation::Commit { checks, writes }),
        3 => vec(range(), 0..4).prop_map(Operation::Read),
        1 => Just(Operation::Reopen),
    ]
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        6 => (key(), vec(any::<u8>(), 0..600)).prop_map(|(key, value)| Write::Put { key, value: value.into() }),
        2 => key().prop_map(|key| Write::Delete { key }),
        1 => (key(), key()).prop_map(|(start, end)| Write::DeleteRange { start, end }),
    ]
}

fn range() -> impl Strategy<Value = Range> {
    let limit = prop_oneof![Just(usize::MAX), 0..5_usize];
    let range = prop_oneof![
        key().prop_map(Range::key),
        key().prop_map(Range::prefix),
        (key(), key()).prop_map(|(start, end)| Range::new(start, end)),
        (key(), key()).prop_map(|(prefix, after)| Range::prefix(prefix).after(&after)),
    ];
    (range, limit).prop_map(|(range, limit)| range.limit(limit))
}

/// Few and similar keys, so that operations meet.
fn key() -> impl Strategy<Value = Bytes> {
    vec(prop_oneof![Just(0_u8), Just(b'a'), Just(b'b'), Just(u8::MAX)], 0..4).prop_map(Bytes::from)
}
