//! What the operator says of the cache.

use serde::Deserialize;

/// What the operator says of the cache.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSettings {
    /// Bytes of memory, a quarter of it for objects that are on their way. One object may take three sixteenths of up to
    /// 128 MiB, and at least 12 MiB of more; larger ones go to the [`CacheDisk`](super::CacheDisk), or pass through and are
    /// not kept.
    pub memory_bytes: u64,
    /// How long a request waits for the fetch of another until it fetches for itself.
    pub collapse_wait_ms: u64,
    /// How long a viewer may hold up others where an object is too large to be kept.
    pub stall_ms: u64,
}

impl Default for CacheSettings {
    fn default() -> CacheSettings {
        CacheSettings { memory_bytes: 256 * 1024 * 1024, collapse_wait_ms: 30_000, stall_ms: 30_000 }
    }
}

impl CacheSettings {
    /// For a machine on which other things matter more.
    pub fn development() -> CacheSettings {
        CacheSettings { memory_bytes: 64 * 1024 * 1024, ..CacheSettings::default() }
    }
}
