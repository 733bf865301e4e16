//! What a projection shows after one commit, and what the next commit makes of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keyfront_store::{Change, Version};

use super::router::Router;
use crate::projection::{Projection, RangeWrite};

/// The loaded parts after one commit.
pub(crate) struct State<P: Projection> {
    pub(crate) version: Version,
    parts: Arc<HashMap<P::Part, Loaded<P::Value>>>,
}

/// One of them.
pub(crate) struct Loaded<V> {
    /// The snapshot that it was read from. What was written up to then is in it, so a part may be ahead of the
    /// others until they get there.
    read_at: Version,
    value: Arc<V>,
    /// The period in which a reader last took it; see [`super::Shared`].
    last_read: Arc<AtomicU64>,
}

impl<V> Loaded<V> {
    pub(crate) fn new(read_at: Version, value: V, period: u64) -> Loaded<V> {
        Loaded { read_at, value: Arc::new(value), last_read: Arc::new(AtomicU64::new(period)) }
    }

    pub(crate) fn last_read(&self) -> u64 {
        self.last_read.load(Ordering::Relaxed)
    }
}

impl<V> Clone for Loaded<V> {
    fn clone(&self) -> Loaded<V> {
        let Loaded { read_at, value, last_read } = self;
        Loaded { read_at: *read_at, value: Arc::clone(value), last_read: Arc::clone(last_read) }
    }
}

impl<P: Projection> Clone for State<P> {
    fn clone(&self) -> State<P> {
        State { version: self.version, parts: Arc::clone(&self.parts) }
    }
}

impl<P: Projection> State<P> {
    pub(crate) fn new(
        version: Version,
        parts: impl IntoIterator<Item = (P::Part, Loaded<P::Value>)>,
    ) -> State<P> {
        State { version, parts: Arc::new(parts.into_iter().collect()) }
    }

    /// The parts that are loaded.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&P::Part, &Loaded<P::Value>)> {
        self.parts.iter()
    }

    pub(crate) fn holds(&self, part: &P::Part) -> bool {
        self.parts.contains_key(part)
    }

    pub(crate) fn get(&self, part: &P::Part) -> Option<&Loaded<P::Value>> {
        self.parts.get(part)
    }

    /// The value of a part, taken by a reader in a period.
    pub(crate) fn take(&self, part: &P::Part, period: u64) -> Option<Arc<P::Value>> {
        let loaded = self.parts.get(part)?;
        // Most readers find that another one has said so already, and write nothing to the memory that they share.
        if loaded.last_read() != period {
            loaded.last_read.store(period, Ordering::Relaxed);
        }
        Some(Arc::clone(&loaded.value))
    }

    /// The same version with one more part.
    pub(crate) fn with(&self, part: P::Part, loaded: Loaded<P::Value>) -> State<P> {
        let mut parts = HashMap::clone(&self.parts);
        parts.insert(part, loaded);
        State { version: self.version, parts: Arc::new(parts) }
    }

    /// The same version without some parts.
    pub(crate) fn without(&self, gone: &[P::Part]) -> State<P> {
        let mut parts = HashMap::clone(&self.parts);
        for part in gone {
            parts.remove(part);
        }
        State { version: self.version, parts: Arc::new(parts) }
    }

    /// The state after a commit, and the parts that it holds no longer. It costs what the commit writes to loaded
    /// parts, and a pointer per loaded part.
    pub(crate) fn after(
        &self,
        projection: &P,
        router: &Router<P::Part>,
        change: &Change,
    ) -> (State<P>, Vec<P::Part>) {
        let version = change.version;
        let mut gone = Vec::new();
        let mut replaced = Vec::new();
        for (part, writes) in router.route(&change.writes) {
            let Some(loaded) = self.parts.get(part) else { continue };
            match loaded.after(projection, part, &writes, version) {
                After::AsItWas => {}
                After::Replaced(value) => replaced.push((part.clone(), value)),
                After::Gone => gone.push(part.clone()),
            }
        }
        if gone.is_empty() && replaced.is_empty() {
            return (State { version, parts: Arc::clone(&self.parts) }, gone);
        }
        let mut parts = HashMap::clone(&self.parts);
        parts.extend(replaced);
        for part in &gone {
            parts.remove(part);
        }
        (State { version, parts: Arc::new(parts) }, gone)
    }
}

/// What a commit makes of a part.
enum After<V> {
    /// It was read with the commit in it.
    AsItWas,
    Replaced(Loaded<V>),
    /// It was deleted, or holds something that cannot be read: loading it again finds out which.
    Gone,
}

impl<V> Loaded<V> {
    fn after<P: Projection<Value = V>>(
        &self,
        projection: &P,
        part: &P::Part,
        writes: &[RangeWrite<'_>],
        version: Version,
    ) -> After<V> {
        if version <= self.read_at {
            return After::AsItWas;
        }
        match projection.apply(part, &self.value, writes) {
            Ok(Some(value)) => After::Replaced(Loaded { value: Arc::new(value), ..self.clone() }),
            Ok(None) | Err(_) => After::Gone,
        }
    }
}
