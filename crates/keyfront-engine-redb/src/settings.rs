//! The settings of the redb engine.

use serde::Deserialize;

use keyfront_engine::Unusable;

/// How the redb engine uses memory and forms groups. Every field has a default.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Memory for pages of the data file, in bytes: 64 MiB unless set, at least 1 MiB.
    pub cache_bytes: usize,
    /// The most commits that wait for the writer; further callers wait for a place. 1,024 unless set.
    pub queue_batches: usize,
    /// The most commits that one flush to disk makes durable together. 256 unless set.
    pub group_batches: usize,
    /// The most bytes of keys and values in such a group, in bytes: 8 MiB unless set. A single larger
    /// commit is a group of its own.
    pub group_bytes: usize,
    /// The most commits that a watch may lag behind before it must read afresh. 4,096 unless set.
    pub watch_batches: usize,
    /// The most bytes of keys and values remembered for watches, in bytes: 16 MiB unless set.
    pub watch_bytes: usize,
    /// Reads every page of the data file at start and compares its checksum. It finds damage that the
    /// disk did not report, at the price of a start that takes as long as reading the file. Off unless
    /// set.
    pub verify_on_start: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            cache_bytes: 64 << 20,
            queue_batches: 1024,
            group_batches: 256,
            group_bytes: 8 << 20,
            watch_batches: 4096,
            watch_bytes: 16 << 20,
            verify_on_start: false,
        }
    }
}

impl Settings {
    /// Refuses values with which the engine could not work.
    pub fn check(&self) -> Result<(), Unusable> {
        let least = [
            ("cache_bytes", self.cache_bytes, 1 << 20),
            ("queue_batches", self.queue_batches, 1),
            ("group_batches", self.group_batches, 1),
            ("group_bytes", self.group_bytes, 1),
            ("watch_batches", self.watch_batches, 1),
            ("watch_bytes", self.watch_bytes, 1),
        ];
        for (name, value, least) in least {
            if value < least {
                return Err(Unusable::new(format!(
                    "the store's {name} is {value}; set it to at least {least}"
                )));
            }
        }
        Ok(())
    }
}
