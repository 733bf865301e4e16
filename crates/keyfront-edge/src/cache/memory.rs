//! Objects that are complete, in memory or with their bodies in a folder: what is used again stays (S3-FIFO), within a
//! number of bytes.

use std::hash::RandomState;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::{Lifecycle, OptionsBuilder, Weighter};
use tokio::sync::mpsc;

use super::object::{Content, Object, Phase};
use crate::key::CacheKey;

/// Fewest bytes of a shard: an object may take a quarter of one.
const SMALLEST_SHARD: u64 = 48 * 1024 * 1024;

/// Bytes of an object for the size of tables.
const USUAL_OBJECT: u64 = 16 * 1024;

/// Objects of a folder for the size of tables, which grow.
const OBJECTS_OF_A_FOLDER: usize = 1024;

/// The objects.
pub(super) struct Memory {
    objects: quick_cache::sync::Cache<u128, Entry, ByWeight, RandomState, Evicted>,
    /// Most bytes of one object.
    object_limit: u64,
    /// What an object counts for at least.
    least_weight: u64,
    evictions: Arc<AtomicU64>,
}

/// An object with its weight, which must not change and is asked for often.
#[derive(Clone)]
struct Entry {
    object: Arc<Object>,
    weight: u64,
}

impl Memory {
    /// A cache of so many bytes. What has to go and was used goes to `demoted`, as long as that has room.
    pub(super) fn new(bytes: u64, demoted: Option<mpsc::Sender<Arc<Object>>>) -> Memory {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let shards = usize::try_from(bytes / SMALLEST_SHARD).unwrap_or(usize::MAX).clamp(1, threads * 4);
        // Rounded down: the cache rounds up.
        let shards = 1 << shards.ilog2();
        let objects = usize::try_from(bytes / USUAL_OBJECT).unwrap_or(usize::MAX).max(32 * shards);
        Memory::sharded(bytes, (shards, objects), 0, demoted)
    }

    /// A cache of so many bytes in files, and of so many objects: their heads are in memory. One may take a quarter of the
    /// bytes.
    pub(super) fn of_files(bytes: u64, most_objects: u64) -> Memory {
        Memory::sharded(bytes, (1, OBJECTS_OF_A_FOLDER), bytes / most_objects.max(1), None)
    }

    fn sharded(
        bytes: u64,
        (shards, objects): (usize, usize),
        least_weight: u64,
        demoted: Option<mpsc::Sender<Arc<Object>>>,
    ) -> Memory {
        let evictions = Arc::new(AtomicU64::new(0));
        let mut options = OptionsBuilder::new();
        options.shards(shards).estimated_items_capacity(objects).weight_capacity(bytes);
        let evicted = Evicted { count: Arc::clone(&evictions), demoted };
        let objects = match options.build() {
            Ok(options) => {
                quick_cache::sync::Cache::with_options(options, ByWeight, RandomState::new(), evicted)
            }
            // Only options that are left out are an error.
            Err(_) => quick_cache::sync::Cache::with(objects, bytes, ByWeight, RandomState::new(), evicted),
        };
        Memory { object_limit: objects.shard_capacity() / 4, objects, least_weight, evictions }
    }

    /// Most bytes of one object.
    pub(super) fn object_limit(&self) -> u64 {
        self.object_limit
    }

    /// The object of a key, if it has been invalidated or not.
    pub(super) fn get(&self, key: &CacheKey) -> Option<Arc<Object>> {
        let entry = self.objects.get(&key.digest())?;
        (entry.object.key == *key).then_some(entry.object)
    }

    /// Keeps an object, unless an invalidation names it already, or one that says more is there.
    pub(super) fn put(&self, object: Arc<Object>, now_ms: u64) {
        let weight = object.weight();
        if weight > self.object_limit || object.is_invalidated() {
            return;
        }
        let has_more = |known: &Object| {
            matches!(object.content, Content::HeadOnly)
                && matches!(known.content, Content::Whole(..) | Content::Disk(_))
                && known.phase(now_ms) == Phase::Fresh
                && !known.is_invalidated()
        };
        let digest = object.key.digest();
        if self.objects.peek(&digest).is_some_and(|known| has_more(&known.object)) {
            return;
        }
        self.objects.insert(digest, Entry { object, weight: weight.max(self.least_weight) });
    }

    /// Gives up an object, unless another has taken its place.
    pub(super) fn remove(&self, object: &Arc<Object>) -> bool {
        let is_same = |known: &Entry| Arc::ptr_eq(&known.object, object);
        self.objects.remove_if(&object.key.digest(), is_same).is_some()
    }

    /// Gives up whatever a key has.
    pub(super) fn remove_key(&self, key: &CacheKey) {
        self.objects.remove_if(&key.digest(), |known| known.object.key == *key);
    }

    /// All objects. Each step takes the lock of a shard for a moment; what comes meanwhile may be seen or not.
    pub(super) fn iter(&self) -> impl Iterator<Item = Arc<Object>> + Send {
        self.objects.iter().map(|(_, entry)| entry.object)
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> u64 {
        self.objects.weight()
    }

    /// How many objects had to go for others.
    pub(super) fn evictions(&self) -> u64 {
        self.evictions.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
struct ByWeight;

impl Weighter<u128, Entry> for ByWeight {
    fn weight(&self, _digest: &u128, entry: &Entry) -> u64 {
        entry.weight
    }
}

/// Counts evictions, hands on what may go to the folder, and drops what was evicted after the lock of the shard is free.
#[derive(Clone)]
struct Evicted {
    count: Arc<AtomicU64>,
    demoted: Option<mpsc::Sender<Arc<Object>>>,
}

impl Lifecycle<u128, Entry> for Evicted {
    type RequestState = Vec<Entry>;

    fn on_evict(&self, dropped: &mut Vec<Entry>, _digest: u128, entry: Entry) {
        self.count.fetch_add(1, Ordering::Relaxed);
        if let Some(demoted) = &self.demoted
            && entry.object.is_worth_a_file()
        {
            // A full queue means that the disk is slower than what comes: the object is dropped.
            drop(demoted.try_send(Arc::clone(&entry.object)));
        }
        dropped.push(entry);
    }
}
