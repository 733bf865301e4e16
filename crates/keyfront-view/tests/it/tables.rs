//! Documents, trusted keys and functions after random histories of commits: they show what the engine holds, and on
//! the way there the state after one whole commit at a time, also when the follower lags or the engine fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::function::Stage;
use keyfront_functions::Failure;
use keyfront_store::{Batch, Engine, Outcome, Version, functions, resources};
use keyfront_view::documents::DocumentSet;
use keyfront_view::trust::TrustedKeys;
use keyfront_view::{Settings, View};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::failing_engine::{Failing, FailingEngine};

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const KEY: &str = include_str!("../../../keyfront-domain/src/signed_request/tests/fixtures/rsa-public.pem");

/// The first byte of what the engine keeps of a record or of code.
const RECORD_VERSION: u8 = 1;

/// What one step of a history writes. Numbers name what is written.
#[derive(Clone, Debug)]
enum Write {
    /// A public key; one that cannot be used where it is not `usable`.
    Key {
        id: u8,
        usable: bool,
    },
    /// A group of keys.
    Group {
        id: u8,
        keys: Vec<u8>,
    },
    /// A document of another kind.
    Other {
        id: u8,
    },
    /// A document that cannot be read.
    Damaged {
        id: u8,
    },
    Delete {
        kind: u8,
        id: u8,
    },
    /// Every document.
    DeleteAll,
    /// A function, whose stages have these versions.
    Function {
        id: u8,
        live: bool,
    },
    DeleteFunction {
        id: u8,
    },
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Write>),
    /// The next commits are told at once, so that the follower lags.
    HoldBack,
    Publish,
    Fail(Option<Failing>),
}

fn write() -> impl Strategy<Value = Write> {
    let id = || 0..3_u8;
    prop_oneof![
        4 => (id(), any::<bool>()).prop_map(|(id, usable)| Write::Key { id, usable }),
        4 => (id(), vec(id(), 1..3)).prop_map(|(id, keys)| Write::Group { id, keys }),
        2 => id().prop_map(|id| Write::Other { id }),
        1 => id().prop_map(|id| Write::Damaged { id }),
        3 => (id(), id()).prop_map(|(kind, id)| Write::Delete { kind, id }),
        1 => Just(Write::DeleteAll),
        4 => (id(), any::<bool>()).prop_map(|(id, live)| Write::Function { id, live }),
        1 => id().prop_map(|id| Write::DeleteFunction { id }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => vec(write(), 1..5).prop_map(Step::Commit),
        1 => Just(Step::HoldBack),
        1 => Just(Step::Publish),
        1 => prop::sample::select(vec![None, Some(Failing::Reads), Some(Failing::Watches)]).prop_map(Step::Fail),
    ]
}

const KINDS: [ResourceKind; 3] =
    [ResourceKind::PUBLIC_KEY, ResourceKind::KEY_GROUP, ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE];

fn document(kind: usize, id: u8) -> Arn {
    Arn::new(ACCOUNT, KINDS[kind], format!("K{id}"))
}

fn function(id: u8) -> FunctionArn {
    FunctionArn { account: ACCOUNT, name: format!("function-{id}") }
}

/// A record of this version as the engine keeps it.
fn record(id: u8, version: u64, config: &Value) -> Bytes {
    let record = json!({
        "id": format!("K{id}"), "config": config, "created_ms": 1, "modified_ms": 2, "version": version,
    });
    stored(record.to_string().as_bytes())
}

fn stored(value: &[u8]) -> Bytes {
    [&[RECORD_VERSION], value].concat().into()
}

/// Code that is refused in the line of its version.
fn code(version: u64) -> Bytes {
    let lines = "\n".repeat(usize::try_from(version).unwrap());
    stored(format!("{lines}(").as_bytes())
}

fn stage(version: u64) -> Value {
    let config = json!({"Comment": "", "Runtime": "cloudfront-js-2.0"});
    json!({"config": config, "created_ms": 1, "modified_ms": 2, "version": version})
}

fn batch(writes: &[Write], version: u64) -> Batch {
    let put = |batch: Batch, kind, id, config: Value| {
        batch.put(resources::entries::key(&document(kind, id)), record(id, version, &config))
    };
    writes.iter().fold(Batch::default(), |batch, write| match write {
        Write::Key { id, usable } => {
            let key = if *usable { KEY } else { "no key" };
            put(batch, 0, *id, json!({"CallerReference": "r", "Name": "n", "EncodedKey": key}))
        }
        Write::Group { id, keys } => {
            let keys: Vec<_> = keys.iter().map(|id| format!("K{id}")).collect();
            put(batch, 1, *id, json!({"Name": "n", "Items": keys}))
        }
        Write::Other { id } => put(batch, 2, *id, json!({})),
        Write::Damaged { id } => {
            batch.put(resources::entries::key(&document(0, *id)), &b"\xffof a later version"[..])
        }
        Write::Delete { kind, id } => batch.delete(resources::entries::key(&document((*kind).into(), *id))),
        Write::DeleteAll => {
            let all = resources::entries::all();
            batch.delete_range(all.start, all.end)
        }
        Write::Function { id, live } => {
            let [record, development, published] = functions::entries::ranges(&function(*id));
            let mut value = json!({"name": format!("function-{id}"), "development": stage(version)});
            let mut batch = batch.put(development.start, code(version));
            if *live {
                value["live"] = stage(version);
                batch = batch.put(published.start, code(version));
            }
            batch.put(record.start, stored(value.to_string().as_bytes()))
        }
        Write::DeleteFunction { id } => functions::entries::ranges(&function(*id))
            .into_iter()
            .fold(batch, |batch, range| batch.delete(range.start)),
    })
}

/// Everything that the documents and the trusted keys show: versions, `None` where a document cannot be read.
type Documents = BTreeMap<Arn, Option<u64>>;

/// Key ids that verify, and the keys of each group.
type Keys = (Vec<u8>, BTreeMap<u8, Vec<String>>);

fn documents(view: &View) -> Documents {
    let shown = view.documents.get().unwrap();
    let arns = (0..3).flat_map(|kind| (0..3).map(move |id| document(kind, id)));
    let version = |arn: &Arn| match shown.get(arn) {
        Ok(record) => record.map(|record| Some(record.version)),
        Err(_) => Some(None),
    };
    arns.filter_map(|arn| Some((arn.clone(), version(&arn)?))).collect()
}

fn keys(trusted: &TrustedKeys) -> Keys {
    let usable = (0..3_u8).filter(|id| trusted.key(&format!("K{id}")).is_some()).collect();
    let group = |id: u8| Some((id, trusted.group(&format!("K{id}"))?.iter().cloned().collect()));
    (usable, (0..3).filter_map(group).collect())
}

/// Versions of a function's stages, and the lines in which their code is refused.
type Stages = [Option<(u64, String)>; 2];

async fn stages(view: &View, id: u8) -> Stages {
    let mut stages = [None, None];
    for (shown, stage) in stages.iter_mut().zip([Stage::Development, Stage::Live]) {
        if let Some(staged) = view.functions.load(&function(id), stage).await.unwrap() {
            let Some(Failure::Execution(text)) = staged.function.refused() else { panic!("it is refused") };
            *shown = Some((staged.stage.version, text.rsplit(' ').next().unwrap().to_owned()));
        }
    }
    stages
}

/// What the engine holds after some commits.
#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    documents: Documents,
    keys: BTreeMap<u8, bool>,
    groups: BTreeMap<u8, Vec<String>>,
    functions: BTreeMap<u8, (u64, Option<u64>)>,
}

impl Model {
    fn apply(&mut self, write: &Write, version: u64) {
        match write {
            Write::Key { id, usable } => {
                self.documents.insert(document(0, *id), Some(version));
                self.keys.insert(*id, *usable);
            }
            Write::Group { id, keys } => {
                self.documents.insert(document(1, *id), Some(version));
                let mut keys: Vec<_> = keys.iter().map(|id| format!("K{id}")).collect();
                keys.sort();
                keys.dedup();
                self.groups.insert(*id, keys);
            }
            Write::Other { id } => drop(self.documents.insert(document(2, *id), Some(version))),
            Write::Damaged { id } => {
                self.documents.insert(document(0, *id), None);
                self.keys.insert(*id, false);
            }
            Write::Delete { kind, id } => {
                self.documents.remove(&document((*kind).into(), *id));
                match kind {
                    0 => drop(self.keys.remove(id)),
                    1 => drop(self.groups.remove(id)),
                    _ => {}
                }
            }
            Write::DeleteAll => {
                let functions = std::mem::take(&mut self.functions);
                *self = Model { functions, ..Model::default() };
            }
            Write::Function { id, live } => {
                self.functions.insert(*id, (version, live.then_some(version)));
            }
            Write::DeleteFunction { id } => drop(self.functions.remove(id)),
        }
    }

    fn trusted(&self) -> Keys {
        let usable = self.keys.iter().filter(|(_, usable)| **usable).map(|(id, _)| *id);
        (usable.collect(), self.groups.clone())
    }

    fn stages(&self, id: u8) -> Stages {
        let shown = |version: u64| (version, (version + 1).to_string());
        self.functions
            .get(&id)
            .map_or([None, None], |(development, live)| [Some(shown(*development)), live.map(shown)])
    }
}

/// What documents and trusted keys showed last, as positions in the history: they never go back.
struct Seen {
    documents: usize,
    keys: usize,
    shown: Arc<DocumentSet>,
}

impl Seen {
    /// Each is some state of the history that is not older than the last one.
    fn look(&mut self, view: &View, history: &[Model]) {
        let (documents, trusted) = (documents(view), keys(&view.trust.get(ACCOUNT).unwrap()));
        let at = |from: usize, is: &dyn Fn(&Model) -> bool| {
            let found = history[from..].iter().position(is);
            from + found.expect("it shows the state after one commit that is not older than what it showed")
        };
        let before = &history[self.documents].documents;
        let shown = view.documents.get().unwrap();
        let differences = shown.differences(&self.shown);
        for arn in documents.keys().chain(before.keys()) {
            assert!(before.get(arn) == documents.get(arn) || differences.contains(arn), "{arn} has changed");
        }
        self.shown = shown;
        self.documents = at(self.documents, &|model| model.documents == documents);
        self.keys = at(self.keys, &|model| model.trusted() == trusted);
    }
}

async fn catch_up(view: &View, engine: &FailingEngine) {
    let version = engine.stats().version;
    view.documents.reached(version).await;
    view.trust.reached(version).await;
    view.functions.reached(version).await;
}

async fn follow(steps: &[Step]) {
    let engine = Arc::new(FailingEngine::new());
    let dynamic: Arc<dyn Engine> = engine.clone();
    let view = View::follow(&dynamic, &Settings::default());
    view.documents.load().await.unwrap();
    view.trust.load(ACCOUNT).await.unwrap();
    let mut history = vec![Model::default()];
    let mut seen = Seen { documents: 0, keys: 0, shown: view.documents.get().unwrap() };
    let mut is_disturbed = false;
    for step in steps.iter().chain(&[Step::Fail(None), Step::Publish]) {
        match step {
            Step::Commit(writes) => {
                let version = u64::try_from(history.len()).unwrap();
                let mut model = history.last().unwrap().clone();
                for write in writes {
                    model.apply(write, version);
                }
                history.push(model);
                let outcome = engine.commit(batch(writes, version)).await.unwrap();
                assert_eq!(outcome, Outcome::Committed(Version(version)));
                seen.look(&view, &history);
            }
            Step::HoldBack => {
                engine.hold_back();
                is_disturbed = true;
            }
            Step::Publish => {
                engine.publish();
                is_disturbed = false;
            }
            Step::Fail(failing) => engine.fail(*failing),
        }
        tokio::task::yield_now().await;
        seen.look(&view, &history);
        if !is_disturbed && matches!(step, Step::Commit(_)) {
            for id in 0..3 {
                // A function may be loaded while the engine fails; then nothing is known of it.
                drop(view.functions.load(&function(id), Stage::Live).await);
            }
        }
    }
    catch_up(&view, &engine).await;
    let model = history.last().unwrap();
    assert_eq!(documents(&view), model.documents);
    let trusted = view.trust.get(ACCOUNT).unwrap();
    assert_eq!(keys(&trusted), model.trusted());
    for (group, keys) in &model.groups {
        for key in keys {
            let in_group = trusted.key_of_group(&format!("K{group}"), key).is_some();
            assert_eq!(in_group, trusted.key(key).is_some());
        }
        assert!(trusted.key_of_group(&format!("K{group}"), "elsewhere").is_none());
    }
    for id in 0..3 {
        assert_eq!(stages(&view, id).await, model.stages(id), "function {id}");
    }
}

#[test]
fn after_any_history_everything_shows_what_the_engine_holds() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(step(), 1..30), |steps| {
        runtime.block_on(follow(&steps));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
