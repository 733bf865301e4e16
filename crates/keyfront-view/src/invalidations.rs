//! Invalidations of all distributions and tenants, for a cache that acts on them.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::arn::Arn;
use keyfront_store::invalidations::entries;
use keyfront_store::records::InvalidationRecord;
use keyfront_store::{Engine, Entry, Range, StoreError, Version};
use tokio::sync::watch;

use crate::followed::Followed;
use crate::projection::{Projection, RangeWrite};
use crate::records::Records;

/// All invalidations of all accounts, which follow an engine. Clones share them.
///
/// They are loaded when they are first asked for, and kept from then on.
#[derive(Clone)]
pub struct Invalidations {
    all: Followed<Everything>,
}

impl Invalidations {
    /// Follows an engine. It has to be called on a Tokio runtime with timers.
    pub fn follow(engine: Arc<dyn Engine>) -> Invalidations {
        Invalidations { all: Followed::follow(engine, Everything, None) }
    }

    /// Loads the invalidations unless they are loaded, and follows them from now on.
    ///
    /// # Errors
    /// They could not be read. The next call tries again.
    pub async fn load(&self) -> Result<Arc<InvalidationSet>, StoreError> {
        // There always is a set of invalidations, if an empty one.
        Ok(self.all.load(&()).await?.unwrap_or_else(|| Arc::new(InvalidationSet::of(&[]))))
    }

    /// Tells of commits: its value is the last one that is reflected, whatever it changed.
    pub fn changes(&self) -> watch::Receiver<Version> {
        self.all.changes()
    }
}

/// All invalidations after one commit.
pub struct InvalidationSet {
    records: Records<Option<Arc<InvalidationRecord>>>,
}

impl InvalidationSet {
    fn of(ranges: &[Vec<Entry>]) -> InvalidationSet {
        InvalidationSet { records: Records::from_entries(ranges, decode) }
    }

    /// Those that an earlier set does not have, with the distribution or the tenant that each is for. One that cannot be
    /// read is left out: nothing says which paths it names.
    pub fn since<'s>(
        &'s self,
        earlier: &'s InvalidationSet,
    ) -> impl Iterator<Item = (Arn, &'s Arc<InvalidationRecord>)> {
        let new = self.records.iter().filter(|(key, _)| earlier.records.get(key).is_none());
        new.filter_map(|(key, record)| Some((entries::owner(key)?, record.as_ref()?)))
    }
}

fn decode(_key: &Bytes, value: &Bytes) -> Option<Arc<InvalidationRecord>> {
    entries::read(value).ok().map(Arc::new)
}

/// The projection, which is followed whole.
struct Everything;

impl Projection for Everything {
    type Part = ();
    type Value = InvalidationSet;

    fn ranges(&self, (): &()) -> Vec<Range> {
        vec![entries::all()]
    }

    fn from_snapshot(&self, (): &(), ranges: &[Vec<Entry>]) -> Result<Option<InvalidationSet>, StoreError> {
        Ok(Some(InvalidationSet::of(ranges)))
    }

    fn apply(
        &self,
        part: &(),
        value: &InvalidationSet,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<InvalidationSet>, StoreError> {
        Ok(Some(InvalidationSet { records: value.records.after(&self.ranges(part), writes, decode) }))
    }
}
