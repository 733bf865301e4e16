//! Pairs on both engines. The embedded engine flushes to the disk of the temporary folder (`TMPDIR`).
//!
//! A full store has 5 MiB of small pairs: a write must cost the same there as in an empty one.

use std::fmt;
use std::sync::Arc;

use divan::Bencher;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::Update;
use keyfront_domain::{AccountId, Quotas, etag};
use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::records::TagsRecord;
use keyfront_store::stores::{self, NewKeyValueStore, WriteOutcome};
use keyfront_store::{Batch, Engine};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Bytes of a small pair: `k` and seven digits, then eight bytes.
const PAIR_BYTES: u64 = 16;

#[derive(Clone, Copy)]
enum Held {
    Nothing,
    FiveMebibytes,
}

impl fmt::Display for Held {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Held::Nothing => "empty store",
            Held::FiveMebibytes => "store of 5 MiB",
        })
    }
}

const SIZES: [Held; 2] = [Held::Nothing, Held::FiveMebibytes];

/// One store on an engine.
struct World {
    runtime: Runtime,
    engine: Arc<dyn Engine>,
    arn: KeyValueStoreArn,
    version: u64,
    _folder: Option<TempDir>,
}

impl World {
    fn memory(held: Held) -> World {
        World::over(Arc::new(MemoryEngine::new()), None, held)
    }

    fn embedded(held: Held) -> World {
        let folder = TempDir::new().unwrap();
        let engine =
            RedbEngine::open(&folder.path().join("data"), keyfront_engine_redb::Settings::default()).unwrap();
        World::over(Arc::new(engine), Some(folder), held)
    }

    fn over(engine: Arc<dyn Engine>, folder: Option<TempDir>, held: Held) -> World {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (account, id) = (AccountId::DEVELOPMENT, Uuid::from_u128(7));
        let new = NewKeyValueStore {
            account,
            id,
            name: "store".to_owned(),
            comment: None,
            tags: TagsRecord::default(),
            import: None,
            held: false,
            now_ms: 0,
        };
        runtime.block_on(stores::create(&*engine, &new, 1)).unwrap();
        let arn = KeyValueStoreArn { account, id };
        let mut world = World { runtime, engine, arn, version: 1, _folder: folder };
        if let Held::FiveMebibytes = held {
            world.fill();
        }
        world
    }

    /// Leaves room for one pair more.
    fn fill(&mut self) {
        let most = Quotas::default().key_value_store_bytes / PAIR_BYTES - 1;
        let keys: Vec<String> = (0..most).map(|number| format!("k{number:07}")).collect();
        let no_limit = Quotas { pairs_per_update: u64::MAX, update_bytes: u64::MAX, ..Quotas::default() };
        for keys in keys.chunks(20_000) {
            let puts = keys.iter().map(|key| (key.as_str(), "12345678"));
            let update = Update::new(puts, [], &no_limit).unwrap();
            self.write(&update, &no_limit);
        }
    }

    /// What PutKey does: one pair, whose value is new each time.
    fn put(&mut self) {
        let value = format!("{:08}", self.version);
        let quotas = Quotas::default();
        let update = Update::new([("k0000000", value.as_str())], [], &quotas).unwrap();
        self.write(&update, &quotas);
    }

    fn write(&mut self, update: &Update<'_>, quotas: &Quotas) {
        let if_match = etag::data_plane(self.version);
        let written = stores::write_pairs(&*self.engine, &self.arn, &if_match, update, None, quotas, 0);
        let written = self.runtime.block_on(written).unwrap();
        assert!(matches!(written, WriteOutcome::Written(_)), "{written:?}");
        self.version += 1;
    }

    /// What GetKey does.
    fn get(&self) {
        let got = stores::get_pair(&*self.engine, &self.arn, "k0000000");
        let got = self.runtime.block_on(got).unwrap();
        assert!(matches!(got, stores::GetPair::Found(..)), "{got:?}");
    }
}

#[divan::bench(args = SIZES)]
fn get_memory(bencher: Bencher<'_, '_>, held: Held) {
    get(bencher, World::memory(held));
}

#[divan::bench(args = SIZES)]
fn get_embedded(bencher: Bencher<'_, '_>, held: Held) {
    get(bencher, World::embedded(held));
}

#[divan::bench(args = SIZES)]
fn put_memory(bencher: Bencher<'_, '_>, held: Held) {
    put(bencher, World::memory(held));
}

#[divan::bench(args = SIZES, sample_count = 1000)]
fn put_embedded(bencher: Bencher<'_, '_>, held: Held) {
    put(bencher, World::embedded(held));
}

fn get(bencher: Bencher<'_, '_>, mut world: World) {
    world.put();
    bencher.bench_local(|| world.get());
}

fn put(bencher: Bencher<'_, '_>, mut world: World) {
    world.put();
    bencher.bench_local(|| world.put());
}

/// What a batch of one pair and its head costs with the guard that a restore rests on, and without.
#[divan::bench(args = [false, true])]
fn commit_memory_guarded(bencher: Bencher<'_, '_>, guarded: bool) {
    commit(bencher, &World::memory(Held::FiveMebibytes), guarded);
}

#[divan::bench(args = [false, true], sample_count = 1000)]
fn commit_embedded_guarded(bencher: Bencher<'_, '_>, guarded: bool) {
    commit(bencher, &World::embedded(Held::FiveMebibytes), guarded);
}

fn commit(bencher: Bencher<'_, '_>, world: &World, guarded: bool) {
    bencher.bench_local(|| {
        let batch = Batch::default().put("\u{5}head", vec![0; 42]).put("\u{6}pair", "12345678");
        let batch = if guarded { batch.absent("\0restoring").put("\0guard", "") } else { batch };
        world.runtime.block_on(world.engine.commit(batch)).unwrap()
    });
}
