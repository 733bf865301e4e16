//! Data of the version before stores had generations: it opens, and everything in it is what it was.

use std::fs;
use std::path::Path;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::function::Stage;
use keyfront_domain::pairs::Update;
use keyfront_domain::{Quotas, etag};
use keyfront_engine_redb::{RedbEngine, Settings};
use keyfront_store::list::PageRequest;
use keyfront_store::records::Generation;
use keyfront_store::stores::{self, PairsHead, ReadPairs, WriteOutcome};
use keyfront_store::{
    Engine, Range, credentials, functions, migration, references, resources, saved_states, tags,
};
use serde_json::{Map, Value, json};

/// A data folder that the version before made, and what it said of it.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/before-generations");

fn holds() -> Value {
    serde_json::from_str(&fs::read_to_string(Path::new(FOLDER).join("holds.json")).unwrap()).unwrap()
}

/// The folder, copied to where it may be written.
fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(Path::new(FOLDER).join("keyfront.redb"), folder.path().join("keyfront.redb")).unwrap();
    folder
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap()
}

/// Everything that the engine holds, as `holds.json` has it.
async fn everything(engine: &dyn Engine, expected: &Value) -> Value {
    let mut found = Vec::new();
    for account in [AccountId::DEVELOPMENT, "123456789012".parse().unwrap()] {
        let page = stores::list(engine, account, PageRequest::new(None, 100)).await.unwrap();
        assert!(!page.more);
        for record in page.items {
            found.push(store(engine, KeyValueStoreArn { account, id: record.id }, json!(record)).await);
        }
    }
    let mut programs = Vec::new();
    for described in expected["functions"].as_array().unwrap() {
        let arn: FunctionArn = text(described, "arn").parse().unwrap();
        let mut code = Map::new();
        for stage in [Stage::Development, Stage::Live] {
            if let Some((_, bytes)) = functions::find_code(engine, &arn, stage).await.unwrap() {
                code.insert(format!("{stage:?}"), String::from_utf8_lossy(&bytes).into());
            }
        }
        let record = functions::find(engine, &arn).await.unwrap().unwrap();
        let tags = tags::get(engine, &Arn::from(arn.clone())).await.unwrap();
        programs.push(json!({ "arn": arn.to_string(), "record": record, "code": code, "tags": tags }));
    }
    let mut documents = Vec::new();
    for described in expected["resources"].as_array().unwrap() {
        let arn: Arn = text(described, "arn").parse().unwrap();
        let record = resources::find(engine, &arn).await.unwrap().unwrap();
        let referrers = referrers(engine, &arn).await;
        documents.push(json!({ "arn": arn.to_string(), "record": record, "referrers": referrers }));
    }
    let pending = stores::pending_imports(engine).await.unwrap();
    let pending: Vec<_> = pending.into_iter().map(|(arn, _)| arn.to_string()).collect();
    json!({
        "stores": found, "functions": programs, "resources": documents, "pending": pending,
        "credentials": credentials::list(engine).await.unwrap(),
    })
}

async fn store(engine: &dyn Engine, arn: KeyValueStoreArn, record: Value) -> Value {
    let PairsHead::Found(head) = stores::describe_pairs(engine, &arn).await.unwrap().0 else {
        panic!("{arn} has a head");
    };
    assert_eq!(head.generation, Generation::FIRST);
    let pairs = match stores::read_pairs(engine, &arn).await.unwrap() {
        ReadPairs::Found(all) => {
            let pair =
                |pair: Result<(&str, &str), _>| pair.map(|(key, value)| (key.to_owned(), json!(value)));
            Value::Object(all.iter().map(pair).collect::<Result<_, _>>().unwrap())
        }
        ReadPairs::Unreadable(_) => Value::Null,
    };
    let name = arn.to_string();
    json!({
        "arn": name, "record": record, "pairs": pairs, "pairs_version": head.version,
        "items": head.totals.item_count, "bytes": head.totals.total_size_in_bytes,
        "pairs_created_ms": head.created_ms, "pairs_modified_ms": head.modified_ms,
        "tags": tags::get(engine, &Arn::from(arn)).await.unwrap(),
        "referrers": referrers(engine, &Arn::from(arn)).await,
    })
}

/// The ARNs of all that refers to a resource, in order.
async fn referrers(engine: &dyn Engine, target: &Arn) -> Vec<String> {
    let kinds = [
        ResourceKind::FUNCTION,
        ResourceKind::KEY_GROUP,
        ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG,
        ResourceKind::FIELD_LEVEL_ENCRYPTION_PROFILE,
    ];
    let mut arns = Vec::new();
    for kind in kinds {
        let page = references::referrers(engine, target, kind, None, 99).await.unwrap();
        arns.extend(page.items.iter().map(|id| Arn::new(target.account, kind, id).to_string()));
    }
    arns.sort();
    arns
}

#[tokio::test]
async fn a_data_folder_of_the_version_before_opens_and_holds_what_it_held() {
    let expected = holds();
    let folder = copied();
    for _start in 0..2 {
        let engine = RedbEngine::open_existing(folder.path(), Settings::default()).unwrap();
        migration::migrate(&engine).await.unwrap();
        stores::clean_up(&engine).await.unwrap();
        let found = everything(&engine, &expected).await;
        for part in ["stores", "functions", "resources", "pending", "credentials"] {
            assert_eq!(found[part], expected[part], "{part}");
        }
        stores::audit(&engine).await.unwrap();
        functions::audit(&engine).await.unwrap();
        let deleted: KeyValueStoreArn = text(&expected, "deleted_store").parse().unwrap();
        assert_eq!(stores::describe_pairs(&engine, &deleted).await.unwrap().0, PairsHead::Deleted);
    }
}

/// What was written then goes on from where it was: versions, totals, a snapshot of it.
#[tokio::test]
async fn a_data_folder_of_the_version_before_is_written_to_like_one_of_today() {
    let folder = copied();
    let engine = RedbEngine::open_existing(folder.path(), Settings::default()).unwrap();
    let before = engine.read(&[Range::prefix("")]).await.unwrap();
    assert_eq!(before.version.0, holds()["version"].as_u64().unwrap());
    migration::migrate(&engine).await.unwrap();
    let saved = saved_states::take(&engine).await.unwrap();
    let large: KeyValueStoreArn = text(&holds()["stores"][1], "arn").parse().unwrap();
    let quotas = Quotas::default();
    let update = Update::new([("key/00000", "changed")], ["key/00001"], &quotas).unwrap();
    let written =
        stores::write_pairs(&engine, &large, &etag::data_plane(3), &update, None, &quotas, 7).await.unwrap();
    let WriteOutcome::Written(head) = written else { panic!("{written:?}") };
    assert_eq!((head.version, head.totals.item_count), (4, 1498));
    stores::audit(&engine).await.unwrap();
    saved_states::restore(&engine, &saved).await.unwrap();
    assert_eq!(everything(&engine, &holds()).await["stores"], holds()["stores"]);
    assert_eq!(saved_states::take(&engine).await.unwrap(), saved);
}
