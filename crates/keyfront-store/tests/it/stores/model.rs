//! Random sequences of everything that can be done with stores, compared with a map of maps.

use std::collections::BTreeMap;

use keyfront_engine::MemoryEngine;
use keyfront_store::stores::{finish_import, pending_imports};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Three names and four keys, so that operations meet.
#[derive(Clone, Debug)]
enum Operation {
    Create { name: u8, seeded: bool },
    Comment { name: u8, stale: bool },
    Delete { name: u8, stale: bool },
    Write { name: u8, stale: bool, puts: Vec<(u8, String)>, deletes: Vec<u8> },
    Finish { name: u8, pairs: Option<Vec<(u8, String)>> },
}

#[derive(Default)]
struct Model {
    stores: BTreeMap<String, Store>,
    created: u128,
}

struct Store {
    id: u128,
    status: &'static str,
    version: u64,
    pairs_version: u64,
    pairs: BTreeMap<String, String>,
}

#[test]
fn counts_totals_and_versions_are_exact_after_any_sequence() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(operation(), 1..60), |operations| {
        runtime.block_on(compare(operations));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    let (name, key) = (|| 0..3_u8, || 0..4_u8);
    let stale = || prop::bool::weighted(0.1);
    let put = move || (key(), "[a-zé]{0,6}");
    prop_oneof![
        3 => (name(), prop::bool::weighted(0.3)).prop_map(|(name, seeded)| Operation::Create { name, seeded }),
        1 => (name(), stale()).prop_map(|(name, stale)| Operation::Comment { name, stale }),
        1 => (name(), stale()).prop_map(|(name, stale)| Operation::Delete { name, stale }),
        8 => (name(), stale(), vec(put(), 0..4), vec(key(), 0..3))
            .prop_map(|(name, stale, puts, deletes)| Operation::Write { name, stale, puts, deletes }),
        2 => (name(), prop::option::of(vec(put(), 0..4)))
            .prop_map(|(name, pairs)| Operation::Finish { name, pairs }),
    ]
}

async fn compare(operations: Vec<Operation>) {
    let engine = MemoryEngine::new();
    let mut model = Model::default();
    for operation in operations {
        model.apply(&engine, &operation).await;
        model.check(&engine).await;
    }
    assert_count(&engine, model.stores.len()).await;
    for (name, store) in &model.stores {
        assert_eq!(delete(&engine, name, store.version).await, Ok(()));
    }
    assert!(tables(&engine).await.iter().all(|table| LEFT_OVER.contains(table)));
}

impl Model {
    /// Does the operation to both and compares what comes out.
    async fn apply(&mut self, engine: &dyn Engine, operation: &Operation) {
        match operation {
            Operation::Create { name, seeded } => self.create(engine, &named(*name), *seeded).await,
            Operation::Comment { name, stale } => {
                let name = named(*name);
                let store = self.stores.get_mut(&name);
                let version = store.as_ref().map_or(1, |store| store.version + u64::from(*stale));
                let outcome = comment(engine, &name, version, "c").await;
                match (store, stale) {
                    (None, _) => assert_eq!(outcome, Err(Refused::Absent)),
                    (Some(_), true) => assert_eq!(outcome, Err(Refused::Stale)),
                    (Some(store), false) => {
                        outcome.unwrap();
                        store.version += 1;
                    }
                }
            }
            Operation::Delete { name, stale } => {
                let name = named(*name);
                let version = self.stores.get(&name).map(|store| store.version + u64::from(*stale));
                let expected = match (version, stale) {
                    (None, _) => Err(Refused::Absent),
                    (Some(_), true) => Err(Refused::Stale),
                    (Some(_), false) => Ok(()),
                };
                assert_eq!(delete(engine, &name, version.unwrap_or(1)).await, expected);
                if expected == Ok(()) {
                    self.stores.remove(&name);
                }
            }
            Operation::Write { name, stale, puts, deletes } => {
                if let Some(store) = self.stores.get_mut(&named(*name)) {
                    store.write(engine, *stale, puts, deletes).await;
                }
            }
            Operation::Finish { name, pairs } => {
                if let Some(store) = self.stores.get_mut(&named(*name)) {
                    store.finish(engine, pairs.as_deref()).await;
                }
            }
        }
    }

    async fn create(&mut self, engine: &dyn Engine, name: &str, seeds: bool) {
        self.created += 1;
        let id = self.created;
        let new = if seeds { seeded(name, id) } else { new(name, id) };
        let outcome = create(engine, &new).await;
        if self.stores.contains_key(name) {
            assert_eq!(outcome, Err(Refused::NameTaken));
            return;
        }
        outcome.unwrap();
        let status = if seeds { "PROVISIONING" } else { "READY" };
        let store = Store { id, status, version: 1, pairs_version: 1, pairs: BTreeMap::new() };
        self.stores.insert(name.to_owned(), store);
    }

    /// Everything that can be seen is what the model says.
    async fn check(&self, engine: &dyn Engine) {
        let mut expected: Vec<_> = self
            .stores
            .iter()
            .map(|(name, store)| (store.id, name.clone(), store.status, store.version))
            .collect();
        expected.sort();
        let listed = listed(engine).await.into_iter();
        let listed: Vec<_> = listed
            .map(|record| (record.id.as_u128(), record.name, record.status.as_str(), record.version))
            .collect();
        assert_eq!(listed, expected);
        for store in self.stores.values() {
            let expected: Vec<_> = store.pairs.clone().into_iter().collect();
            let head = head(engine, store.id).await.unwrap();
            assert_eq!(
                (head.status.as_str(), head.version, head.totals),
                (store.status, store.pairs_version, totals(&expected))
            );
            assert_eq!(pairs(engine, store.id).await, expected);
        }
        let pending = pending_imports(engine).await.unwrap();
        let provisioning = self.stores.values().filter(|store| store.status == "PROVISIONING").count();
        assert_eq!(pending.len(), provisioning);
    }
}

impl Store {
    async fn write(&mut self, engine: &dyn Engine, stale: bool, puts: &[(u8, String)], deletes: &[u8]) {
        let puts: Vec<_> = puts.iter().map(|(key, value)| (named(*key), value.clone())).collect();
        let deletes: Vec<_> = deletes.iter().map(|key| named(*key)).collect();
        let quotas = Quotas::default();
        let put = puts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let update = Update::new(put, deletes.iter().map(String::as_str), &quotas).unwrap();
        let if_match = etag::data_plane(self.pairs_version + u64::from(stale));
        let outcome =
            stores::write_pairs(engine, &arn(self.id), &if_match, &update, None, &quotas, NOW).await.unwrap();
        if self.status != "READY" {
            assert!(matches!(outcome, WriteOutcome::Unwritable(PairsHead::Found(_))), "{outcome:?}");
            return;
        }
        if stale {
            assert_eq!(outcome, WriteOutcome::Stale);
            return;
        }
        let mut after = self.pairs.clone();
        after.extend(puts);
        after.retain(|key, _| !deletes.contains(key));
        self.pairs_version += u64::from(after != self.pairs);
        self.pairs = after;
        assert!(
            matches!(outcome, WriteOutcome::Written(head) if head.version == self.pairs_version),
            "{outcome:?}"
        );
    }

    async fn finish(&mut self, engine: &dyn Engine, pairs: Option<&[(u8, String)]>) {
        // An import document holds every key once.
        let pairs: Option<BTreeMap<_, _>> =
            pairs.map(|pairs| pairs.iter().map(|(key, value)| (named(*key), value.clone())).collect());
        let listed: Option<Vec<_>> = pairs.clone().map(|pairs| pairs.into_iter().collect());
        let result = listed.as_deref().ok_or("a reason");
        finish_import(engine, &arn(self.id), result, NOW).await.unwrap();
        if self.status == "PROVISIONING" {
            self.status = if pairs.is_some() { "READY" } else { "IMPORT_FAILURE" };
            self.pairs = pairs.unwrap_or_default();
        }
    }
}

fn named(number: u8) -> String {
    format!("n{number}")
}
