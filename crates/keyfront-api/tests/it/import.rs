//! The life of an import, with objects that a test hands out when it likes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_api::import::{self, FetchError, ImportOrders, ObjectAddress, ObjectSource};
use keyfront_domain::Quotas;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::{Engine, Next, stores};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::fixture::{Store, World, create_body};

const DEADLINE: Duration = Duration::from_mins(1);

/// Objects by key. A fetch says that it has begun and waits until it is let through.
struct Bucket {
    objects: Mutex<HashMap<String, Result<Bytes, FetchError>>>,
    begun: mpsc::UnboundedSender<String>,
    gate: Semaphore,
}

impl Bucket {
    /// A bucket that answers at once, or not before the test lets it.
    fn new(open: bool) -> (Arc<Bucket>, mpsc::UnboundedReceiver<String>) {
        let (begun, fetches) = mpsc::unbounded_channel();
        let gate = Semaphore::new(if open { Semaphore::MAX_PERMITS } else { 0 });
        (Arc::new(Bucket { objects: Mutex::default(), begun, gate }), fetches)
    }

    fn put(&self, key: &str, object: impl Into<Bytes>) {
        self.objects.lock().unwrap().insert(key.to_owned(), Ok(object.into()));
    }

    fn fail(&self, key: &str, error: FetchError) {
        self.objects.lock().unwrap().insert(key.to_owned(), Err(error));
    }
}

#[async_trait]
impl ObjectSource for Bucket {
    async fn fetch(&self, address: &ObjectAddress, limit: u64) -> Result<Bytes, FetchError> {
        let ObjectAddress { bucket, key } = address.clone();
        assert_eq!(bucket, "seeds");
        self.begun.send(key.clone()).ok();
        self.gate.acquire().await.unwrap().forget();
        let found = self.objects.lock().unwrap().get(&key).cloned();
        let object = found.unwrap_or(Err(FetchError::NoSuchObject { bucket, key }))?;
        if u64::try_from(object.len()).unwrap() > limit { Err(FetchError::TooLarge) } else { Ok(object) }
    }
}

fn orders(world: &World) -> ImportOrders {
    world.orders.lock().unwrap().take().unwrap()
}

fn start(world: &World, bucket: &Arc<Bucket>, orders: ImportOrders) -> JoinHandle<()> {
    tokio::spawn(import::run(world.api.context().clone(), bucket.clone(), orders))
}

async fn seeded(world: &World, name: &str, key: &str) -> Store {
    let create = world.control("POST", "/2020-05-31/key-value-store").body(create_body(&format!(
        "<Name>{name}</Name><ImportSource><SourceType>S3</SourceType><SourceARN>arn:aws:s3:::seeds/{key}\
         </SourceARN></ImportSource>"
    )));
    let created = create.send().await;
    assert_eq!((created.status, created.element("Status")), (201, "PROVISIONING"), "{created}");
    Store { name: name.to_owned(), arn: created.element("ARN").parse().unwrap() }
}

/// Waits until the store is no longer provisioning, by the engine's own watch.
async fn settled(world: &World, store: &Store) -> serde_json::Value {
    loop {
        let mut changes = world.engine.watch(world.engine.stats().version).await.unwrap();
        let described = world.data("GET", store.data_path()).send().await;
        if described.status != 200 || described.json()["Status"] != "PROVISIONING" {
            return described.json();
        }
        let next = timeout(DEADLINE, changes.next()).await.unwrap();
        assert!(matches!(next, Next::Change(_)), "{next:?}");
    }
}

#[tokio::test]
async fn an_import_fills_the_store_and_makes_it_ready() {
    let world = World::new();
    let (bucket, _fetches) = Bucket::new(true);
    bucket.put("a/pairs.json", r#"{"data":[{"key":"b","value":"2"},{"key":"ü","value":""}]}"#);
    start(&world, &bucket, orders(&world));
    let store = seeded(&world, "routes", "a/pairs.json").await;
    world.clock.advance(Duration::from_secs(30));
    settled(&world, &store).await;
    assert_snapshot!(world.data("GET", store.data_path()).send().await, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    {"ItemCount":2,"TotalSizeInBytes":4,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318322.042,"Status":"READY"}
    "#);
    assert_snapshot!(world.control("GET", store.control_path()).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>routes</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>READY</Status><LastModifiedTime>2026-11-22T03:32:02.042Z</LastModifiedTime></KeyValueStore>
    "#);
    let pairs = [("b", "2"), ("ü", "")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(world.pairs(&store).await, pairs);
    world.put(&store, &[("c", "3")]).await;
}

#[tokio::test]
async fn a_failed_import_leaves_its_reason_and_no_pairs() {
    let world = World::new();
    let (bucket, _fetches) = Bucket::new(true);
    let address = || ("seeds".to_owned(), "denied".to_owned());
    let (in_bucket, key) = address();
    bucket.fail("denied", FetchError::AccessDenied { bucket: in_bucket, key });
    bucket.fail("bucket", FetchError::NoSuchBucket("seeds".to_owned()));
    bucket.fail("silent", FetchError::Unreachable("no answer within 30 s".to_owned()));
    bucket.fail("nowhere", FetchError::NotConfigured("seeds".to_owned()));
    let pair = |key: &str, value: &str| {
        format!(r#"{{"data":[{{"key":"a","value":"b"}},{{"key":"{key}","value":"{value}"}}]}}"#)
    };
    bucket.put("json", "{\"data\":[");
    bucket.put("utf8", &b"{\"data\":[{\"key\":\"\xff\"}]}"[..]);
    bucket.put("shape", r#"{"data":[{"key":"a","value":1}]}"#);
    bucket.put("missing", r#"{"pairs":[]}"#);
    bucket.put("twice", pair("a", "c"));
    bucket.put("empty-key", pair("", "c"));
    bucket.put("long-key", pair(&"k".repeat(513), "c"));
    bucket.put("long-value", pair("c", &"v".repeat(1025)));
    bucket.put("large", vec![b' '; 5 * 1024 * 1024 + 1]);
    start(&world, &bucket, orders(&world));
    let mut reasons = Vec::new();
    for key in [
        "absent",
        "denied",
        "bucket",
        "silent",
        "nowhere",
        "json",
        "utf8",
        "shape",
        "missing",
        "twice",
        "empty-key",
        "long-key",
        "long-value",
        "large",
    ] {
        let store = seeded(&world, key, key).await;
        let described = settled(&world, &store).await;
        assert_eq!(
            (described["Status"].as_str(), described["ItemCount"].as_u64()),
            (Some("IMPORT_FAILURE"), Some(0))
        );
        reasons.push(format!("{key:12}{}", described["FailureReason"].as_str().unwrap()));
        let found = world.control("GET", store.control_path()).send().await;
        assert_eq!(found.element("Status"), "IMPORT_FAILURE");
        // Nothing of it was stored, also where reading does not go.
        let record = stores::list_pairs(&*world.engine, &store.arn, None, 10).await.unwrap();
        assert!(matches!(record, stores::ListPairs::Unreadable(_)), "{record:?}");
    }
    assert_snapshot!(reasons.join("\n"), @r#"
    absent      The bucket seeds has no object absent
    denied      Access to the object denied in the bucket seeds was denied
    bucket      The bucket seeds does not exist
    silent      The data source could not be reached: no answer within 30 s
    nowhere     No data source is configured for the bucket seeds: map it to a folder or name an S3 endpoint in the [import] section of the configuration
    json        The data source is not valid JSON: EOF while parsing a list at line 1 column 9
    utf8        The data source is not UTF-8: the byte at offset 17 is not valid
    shape       data[0].value is a number; it must be a string
    missing     data is missing
    twice       The key "a" is given twice, at data[0] and data[1]; remove one of them
    empty-key   data[1].key is empty; a key has at least one character
    long-key    The key "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"… at data[1] has 513 bytes; a key has at most 512
    long-value  The value of the key "c" at data[1] has 1025 bytes; a value has at most 1024
    large       Datasource size exceeds the allowed limit
    "#);
}

/// All pairs and the state are one commit: a watcher never sees a part.
#[tokio::test]
async fn all_pairs_appear_together() {
    let world = World::new();
    let (bucket, _fetches) = Bucket::new(true);
    let items: Vec<_> = (0..1000).map(|n| format!(r#"{{"key":"k{n}","value":"v"}}"#)).collect();
    bucket.put("many", format!(r#"{{"data":[{}]}}"#, items.join(",")));
    let store = seeded(&world, "routes", "many").await;
    let before = world.engine.stats().version;
    start(&world, &bucket, orders(&world));
    settled(&world, &store).await;
    assert_eq!(world.engine.stats().version, before.next());
    assert_eq!(world.pairs(&store).await.len(), 1000);
}

#[tokio::test]
async fn a_full_store_is_imported() {
    const FULL: u64 = 5 * 1024 * 1024;
    // A document of 5 MB can hold less than that, so the operator has raised the limit on documents.
    let quotas = Quotas { import_bytes: 6 * 1024 * 1024, ..Quotas::default() };
    let world = World::with(quotas, Settings::default());
    let (bucket, _fetches) = Bucket::new(true);
    let value = "v".repeat(1024 - 6);
    let items = |count: u64| {
        (0..count).map(|n| format!(r#"{{"key":"k{n:05}","value":"{value}"}}"#)).collect::<Vec<_>>()
    };
    bucket.put("full", format!(r#"{{"data":[{}]}}"#, items(FULL / 1024).join(",")));
    bucket.put("over", format!(r#"{{"data":[{},{{"key":"k","value":""}}]}}"#, items(FULL / 1024).join(",")));
    start(&world, &bucket, orders(&world));
    let store = seeded(&world, "full", "full").await;
    let described = settled(&world, &store).await;
    assert_eq!(described["TotalSizeInBytes"].as_u64(), Some(FULL), "{described}");
    assert_eq!((described["ItemCount"].as_u64(), described["Status"].as_str()), (Some(5120), Some("READY")));
    let last = world.data("GET", store.key_path("k05119")).send().await;
    assert_eq!(last.json()["Value"].as_str(), Some(value.as_str()));
    let over = seeded(&world, "over", "over").await;
    let described = settled(&world, &over).await;
    assert_eq!(described["FailureReason"], "Datasource size exceeds the allowed limit");
}

/// The process ends while an import runs; the next one, on the same folder, finishes it without being told.
#[tokio::test]
async fn an_import_that_was_cut_off_is_finished_by_the_next_process() {
    let folder = tempfile::tempdir().unwrap();
    let open = || -> Arc<dyn Engine> {
        Arc::new(RedbEngine::open(folder.path(), keyfront_engine_redb::Settings::default()).unwrap())
    };
    let world = World::over(open(), Quotas::default(), Settings::default());
    let (bucket, mut fetches) = Bucket::new(false);
    bucket.put("pairs", r#"{"data":[{"key":"a","value":"1"}]}"#);
    let runner = start(&world, &bucket, orders(&world));
    let store = seeded(&world, "routes", "pairs").await;
    assert_eq!(timeout(DEADLINE, fetches.recv()).await.unwrap().as_deref(), Some("pairs"));
    runner.abort();
    assert!(runner.await.unwrap_err().is_cancelled());
    world.stop().await;

    let world = World::over(open(), Quotas::default(), Settings::default());
    assert_eq!(world.data("GET", store.data_path()).send().await.json()["Status"], "PROVISIONING");
    bucket.gate.add_permits(1);
    let runner = start(&world, &bucket, orders(&world));
    assert_eq!(settled(&world, &store).await["Status"], "READY");
    assert_eq!(world.pairs(&store).await.len(), 1);
    assert_eq!(stores::pending_imports(&*world.engine).await.unwrap(), []);
    runner.abort();
    assert!(runner.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_store_that_is_deleted_while_it_is_imported_stays_deleted() {
    let world = World::new();
    drop(orders(&world));
    let (bucket, mut fetches) = Bucket::new(false);
    bucket.put("pairs", r#"{"data":[{"key":"a","value":"1"}]}"#);
    let store = seeded(&world, "routes", "pairs").await;
    let (queue, orders) = import::queue();
    let runner = start(&world, &bucket, orders);
    timeout(DEADLINE, fetches.recv()).await.unwrap();
    world.delete(&store).await;
    let before = world.engine.stats().version;
    bucket.gate.add_permits(1);
    drop(queue);
    timeout(DEADLINE, runner).await.unwrap().unwrap();
    let gone = world.data("GET", store.data_path()).send().await;
    assert_eq!(gone.refusal(), "409 ConflictException: Key-Value-Store was not in expected state");
    assert_eq!(world.engine.stats().version, before);
    assert_eq!(stores::pending_imports(&*world.engine).await.unwrap(), []);
}

/// A store that is announced twice, as one that is created while the runner starts can be, is filled once.
#[tokio::test]
async fn two_runners_of_one_import_fill_the_store_once() {
    let world = World::new();
    let (bucket, mut fetches) = Bucket::new(false);
    bucket.put("pairs", r#"{"data":[{"key":"a","value":"1"}]}"#);
    let store = seeded(&world, "routes", "pairs").await;
    let (_queue, other) = import::queue();
    // Both find it pending, and the announcement is in the first one's queue too.
    start(&world, &bucket, orders(&world));
    start(&world, &bucket, other);
    for _ in 0..3 {
        timeout(DEADLINE, fetches.recv()).await.unwrap();
    }
    bucket.gate.add_permits(3);
    let described = settled(&world, &store).await;
    assert_eq!((described["ItemCount"].as_u64(), described["TotalSizeInBytes"].as_u64()), (Some(1), Some(2)));
}

/// No runner takes the announcement; the import begins when one starts.
#[tokio::test]
async fn a_store_that_is_created_without_a_runner_waits_for_one() {
    let world = World::new();
    drop(orders(&world));
    let (bucket, _fetches) = Bucket::new(true);
    bucket.put("pairs", r#"{"data":[]}"#);
    let store = seeded(&world, "routes", "pairs").await;
    let (_queue, orders) = import::queue();
    start(&world, &bucket, orders);
    assert_eq!(settled(&world, &store).await["Status"], "READY");
}

/// The runner ends by itself once nothing can announce an import, after the imports that run.
#[tokio::test]
async fn a_runner_finishes_what_it_began_when_the_queue_closes() {
    let world = World::new();
    let (bucket, mut fetches) = Bucket::new(false);
    bucket.put("pairs", r#"{"data":[{"key":"a","value":"1"}]}"#);
    let store = seeded(&world, "routes", "pairs").await;
    drop(orders(&world));
    let (queue, orders) = import::queue();
    let runner = start(&world, &bucket, orders);
    timeout(DEADLINE, fetches.recv()).await.unwrap();
    drop(queue);
    bucket.gate.add_permits(1);
    timeout(DEADLINE, runner).await.unwrap().unwrap();
    assert_eq!(world.data("GET", store.data_path()).send().await.json()["Status"], "READY");
}
