//! Derived keys that are kept for the next request: a bounded number, each with the secret that it was derived from.

use std::num::NonZeroUsize;
use std::sync::Arc;

use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;

use super::secret::Secret;

/// How many keys a cache makes room for before it grows.
const FEW_KEYS: usize = 16;

/// A derived key with the secret that it was derived from.
pub(super) struct Kept<K> {
    secret: Secret,
    pub(super) key: K,
}

/// The keys of those who signed lately, by what tells them apart beside the secret.
pub(super) struct KeptKeys<K>(Cache<String, Arc<Kept<K>>>);

impl<K> KeptKeys<K> {
    /// Keeps at most so many. One that has to go is derived again when it is needed.
    pub(super) fn new(capacity: NonZeroUsize) -> Self {
        let capacity = u64::try_from(capacity.get()).unwrap_or(u64::MAX);
        Self(Cache::with_weighter(FEW_KEYS, capacity, UnitWeighter))
    }

    /// The key of this name, if it belongs to this very secret.
    pub(super) fn get(&self, name: &str, secret: &Secret) -> Option<Arc<Kept<K>>> {
        self.0.get(name).filter(|kept| kept.secret == *secret)
    }

    /// Keeps a key, in the place of one that was derived from another secret.
    pub(super) fn keep(&self, name: &str, secret: &Secret, key: K) -> Arc<Kept<K>> {
        let kept = Arc::new(Kept { secret: secret.clone(), key });
        self.0.insert(name.to_owned(), Arc::clone(&kept));
        kept
    }

    /// How many are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
