//! Random writes, saves and restores, compared with copies of everything that was there.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::outcome::outcome;

#[derive(Clone, Debug)]
enum Operation {
    Create { id: u8, pairs: Vec<(u8, u8)> },
    Delete { id: u8 },
    Put { id: u8, pairs: Vec<(u8, u8)> },
    Save { name: u8 },
    Restore { name: u8 },
    Reset,
}

#[test]
fn after_any_sequence_a_restore_makes_every_read_equal() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(operation(), 1..40), |operations| {
        let (engines, _folder) = engines();
        for engine in &engines {
            runtime.block_on(compare(&**engine, &operations));
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    let small = || 0..3_u8;
    let pairs = move || vec((0..6_u8, 0..3_u8), 0..5);
    prop_oneof![
        2 => (small(), pairs()).prop_map(|(id, pairs)| Operation::Create { id, pairs }),
        1 => small().prop_map(|id| Operation::Delete { id }),
        5 => (small(), pairs()).prop_map(|(id, pairs)| Operation::Put { id, pairs }),
        2 => (0..2_u8).prop_map(|name| Operation::Save { name }),
        3 => (0..2_u8).prop_map(|name| Operation::Restore { name }),
        1 => Just(Operation::Reset),
    ]
}

async fn compare(engine: &dyn Engine, operations: &[Operation]) {
    let mut saved = [None, None];
    for (now_ms, operation) in (1..).zip(operations) {
        match operation {
            Operation::Create { id, pairs } => {
                let pairs: std::collections::BTreeMap<_, _> = texts(pairs).into_iter().collect();
                let pairs: Vec<_> = pairs.into_iter().collect();
                let new = NewKeyValueStore { now_ms, ..new(&format!("n{id}"), u128::from(*id)) };
                drop(outcome(stores::create_filled(engine, &new, &pairs, u64::MAX).await));
            }
            Operation::Delete { id } => {
                let if_match = etag::control_plane(1);
                drop(outcome(stores::delete(engine, &arn(u128::from(*id)), &if_match, now_ms).await));
            }
            Operation::Put { id, pairs } => {
                let pairs = texts(pairs);
                let puts: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
                put(engine, u128::from(*id), &puts, now_ms).await;
            }
            Operation::Save { name } => {
                let image = saved_states::take(engine).await.unwrap();
                saved[usize::from(*name)] = Some((image, everything(engine).await));
            }
            Operation::Restore { name } => {
                if let Some((image, expected)) = &saved[usize::from(*name)] {
                    saved_states::restore(engine, image).await.unwrap();
                    assert_eq!(&everything(engine).await, expected);
                }
            }
            Operation::Reset => {
                saved_states::restore(engine, &SavedEntries::empty()).await.unwrap();
                assert_eq!(everything(engine).await, []);
            }
        }
        stores::audit(engine).await.unwrap();
    }
}

fn texts(pairs: &[(u8, u8)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (format!("k{key}"), "v".repeat(usize::from(*value)))).collect()
}
