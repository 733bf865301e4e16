//! Invalidations: which objects may no longer be used.
//!
//! A commit costs the paths of the invalidation, not the objects of the cache. Each scope, a distribution or a tenant,
//! counts its invalidations; an object remembers the number at which its fetch began. A hit compares two numbers, and
//! only if the object is behind looks its targets up, once for each invalidation. A fetch that began before an
//! invalidation may have read the old object, so what it brings is treated as named by it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use keyfront_domain::caching::invalidation::{InvalidationIndex, InvalidationPath, canonical};
use tokio::sync::Notify;

use crate::key::CacheKey;

/// Invalidations of all distributions and tenants. Clones share them.
#[derive(Clone, Default)]
pub struct Invalidations {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    scopes: RwLock<HashMap<Arc<str>, Arc<Scope>>>,
    applied: Notify,
}

impl Invalidations {
    /// Drops objects of a distribution or of a tenant: from now on no request is answered with an object that one of the
    /// paths names, and no fetch that has begun brings one.
    pub fn apply<'p>(&self, scope: &str, paths: impl IntoIterator<Item = &'p str>) {
        self.scope(scope).apply(paths);
        self.inner.applied.notify_one();
    }

    /// How many paths are remembered for objects that may not have seen them.
    pub fn remembered(&self) -> usize {
        self.scopes().iter().map(|scope| read(&scope.index).len()).sum()
    }

    /// A fetch begins.
    pub(super) fn begin(&self, scopes: &[Arc<str>]) -> Begun {
        Begun { scopes: scopes.iter().map(|name| self.scope(name)).map(Scope::begin).collect() }
    }

    /// Waits for an invalidation.
    pub(super) async fn applied(&self) {
        self.inner.applied.notified().await;
    }

    pub(super) fn scopes(&self) -> Vec<Arc<Scope>> {
        read(&self.inner.scopes).values().cloned().collect()
    }

    fn scope(&self, name: &str) -> Arc<Scope> {
        if let Some(scope) = read(&self.inner.scopes).get(name) {
            return Arc::clone(scope);
        }
        let mut scopes = self.inner.scopes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(scopes.entry(Arc::from(name)).or_default())
    }
}

/// The invalidations of one distribution or tenant.
#[derive(Default)]
pub(super) struct Scope {
    /// The number of the newest one.
    latest: AtomicU64,
    index: RwLock<InvalidationIndex>,
    /// How many fetches began at each number and have not ended.
    fetches: Mutex<BTreeMap<u64, usize>>,
}

impl Scope {
    fn apply<'p>(&self, paths: impl IntoIterator<Item = &'p str>) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let sequence = self.latest() + 1;
        for path in paths {
            index.add(InvalidationPath::parse(path), sequence);
        }
        // A request that sees the number waits for the lock, and then sees the paths.
        self.latest.store(sequence, Ordering::Release);
    }

    pub(super) fn latest(&self) -> u64 {
        self.latest.load(Ordering::Acquire)
    }

    fn begin(self: Arc<Scope>) -> (Arc<Scope>, u64) {
        let mut fetches = self.fetches();
        let sequence = self.latest();
        *fetches.entry(sequence).or_default() += 1;
        drop(fetches);
        (self, sequence)
    }

    fn end(&self, sequence: u64) {
        let mut fetches = self.fetches();
        if let Some(count) = fetches.get_mut(&sequence) {
            *count -= 1;
            if *count == 0 {
                fetches.remove(&sequence);
            }
        }
    }

    /// Forgets the invalidations that all objects have seen; those that a fetch has yet to see stay.
    pub(super) fn forget(&self, up_to: u64) {
        let oldest = self.fetches().keys().next().copied();
        let up_to = oldest.map_or(up_to, |oldest| up_to.min(oldest));
        self.index.write().unwrap_or_else(PoisonError::into_inner).forget(up_to);
    }

    fn fetches(&self) -> MutexGuard<'_, BTreeMap<u64, usize>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// A fetch that has begun: invalidations that come until it is dropped are kept for what it brings.
pub(super) struct Begun {
    scopes: Vec<(Arc<Scope>, u64)>,
}

impl Begun {
    /// The marks of an object that the fetch brings, by its key and what else invalidations call it.
    pub(super) fn marks(&self, key: &CacheKey, targets: &[String]) -> Marks {
        let mark = |(scope, sequence): &(Arc<Scope>, u64)| Mark {
            scope: Arc::clone(scope),
            seen: AtomicU64::new(*sequence),
        };
        // What the key says itself takes no memory here.
        let targets = targets.iter().map(|target| canonical(target));
        let targets =
            targets.filter(|target| target != key.target()).map(|target| target.into_owned().into());
        Marks {
            shared: Arc::new(Shared {
                marks: self.scopes.iter().map(mark).collect(),
                targets: targets.collect(),
            }),
        }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        for (scope, sequence) in &self.scopes {
            scope.end(*sequence);
        }
    }
}

/// Which invalidations an object has seen. Clones share what they have seen.
#[derive(Clone)]
pub(super) struct Marks {
    shared: Arc<Shared>,
}

struct Shared {
    marks: Box<[Mark]>,
    /// What invalidations call the object beside what its key says.
    targets: Box<[Box<str>]>,
}

struct Mark {
    scope: Arc<Scope>,
    seen: AtomicU64,
}

impl Marks {
    /// Whether an invalidation names the object of this key that came after its fetch began.
    pub(super) fn are_invalid(&self, key: &CacheKey) -> bool {
        self.shared.marks.iter().any(|mark| mark.is_invalid(key, &self.shared.targets))
    }

    /// Bytes of memory, about.
    pub(super) fn size(&self) -> usize {
        self.shared.targets.iter().map(|target| target.len()).sum::<usize>()
            + self.shared.marks.len() * size_of::<Mark>()
    }
}

impl Mark {
    fn is_invalid(&self, key: &CacheKey, targets: &[Box<str>]) -> bool {
        let latest = self.scope.latest();
        let seen = self.seen.load(Ordering::Acquire);
        if seen >= latest {
            return false;
        }
        let index = read(&self.scope.index);
        let mut targets = std::iter::once(key.target()).chain(targets.iter().map(|target| &**target));
        if targets.any(|target| index.newest(target) > seen) {
            return true;
        }
        drop(index);
        self.seen.fetch_max(latest, Ordering::AcqRel);
        false
    }
}
