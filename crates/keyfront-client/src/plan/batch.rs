//! Cuts a plan into `UpdateKeys` requests.
//!
//! Each request is all or nothing, but a reader can see the store between two of them. So what is added is
//! written first, then what is changed, and what is removed goes last: a key's new value that names a new key
//! does not come before that key, and no key goes while an old value may still name it.
//!
//! A store that is nearly full does not always allow that. When what comes next would put the store over its
//! limit, something that shrinks it is written instead: first changes to shorter values, which take nothing
//! away, then removals, the largest first, so that few keys go early. The order alone decides; every
//! request is still filled, and there are as few as the limits of a request allow when these count pairs.
//! (Where the limit of bytes is met first, requests are filled in that order, not packed.)

use std::cmp::Reverse;
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::num::NonZeroUsize;

use keyfront_domain::Quotas;

use super::change::{Change, PlannedChange};
use super::difference::Plan;
use super::error::Unwritable;
use crate::key_text::key_text;

/// One `UpdateKeys` request. No key is in it twice.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Batch<'a> {
    /// Keys and the values to put.
    pub puts: Vec<(&'a str, &'a str)>,
    /// Keys to delete.
    pub deletes: Vec<&'a str>,
    /// Bytes of all keys, and of the values to put.
    pub bytes: u64,
}

impl<'a> Batch<'a> {
    /// How many keys it changes.
    pub fn len(&self) -> usize {
        self.puts.len() + self.deletes.len()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn add(&mut self, planned: &PlannedChange<'a>) {
        self.bytes += planned.bytes_sent();
        match planned.wanted() {
            Some(value) => self.puts.push((planned.key, value)),
            None => self.deletes.push(planned.key),
        }
    }
}

/// Shows how much there is, never a value.
impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({} puts, {} deletes: {} bytes)", self.puts.len(), self.deletes.len(), self.bytes)
    }
}

impl<'a> Plan<'a> {
    /// The plan as one batch, for an endpoint without a limit on what a request holds.
    pub fn single_batch(&self) -> Batch<'a> {
        let mut batch = Batch::default();
        self.changes.iter().for_each(|planned| batch.add(planned));
        batch
    }

    /// Whether the store has room for the result. A plan that changes nothing needs none.
    ///
    /// A store that is over its limit already has to come under it: no order of requests is safe otherwise.
    pub fn check(&self, quotas: &Quotas) -> Result<(), Unwritable> {
        let (bytes, limit) = (self.after.total_size_in_bytes, quotas.key_value_store_bytes);
        if bytes > limit && !self.is_empty() {
            return Err(Unwritable::Store { bytes, limit });
        }
        let (limit, mut sent) = (quotas.update_bytes, self.changes.iter().map(|e| (e.key, e.bytes_sent())));
        match sent.find(|(_, bytes)| *bytes > limit) {
            Some((key, bytes)) => Err(Unwritable::Request { key: key_text(key), bytes, limit }),
            None => Ok(()),
        }
    }

    /// The requests that carry the plan out, in the order in which they are to be sent.
    ///
    /// None holds more than the quotas allow, nor more than `batch_size` keys. A store that is within its
    /// limit before and afterwards is within it after each request. Fails where [`Plan::check`] does.
    pub fn batches(
        &self,
        quotas: &Quotas,
        batch_size: Option<NonZeroUsize>,
    ) -> Result<Vec<Batch<'a>>, Unwritable> {
        self.check(quotas)?;
        let most = usize::try_from(quotas.pairs_per_update).unwrap_or(usize::MAX).max(1);
        let most = batch_size.map_or(most, |size| size.get().min(most));
        let mut batches = Vec::new();
        let mut batch = Batch::default();
        for planned in self.order(quotas.key_value_store_bytes) {
            if batch.len() >= most || batch.bytes + planned.bytes_sent() > quotas.update_bytes {
                batches.push(std::mem::take(&mut batch));
            }
            batch.add(planned);
        }
        if !batch.is_empty() {
            batches.push(batch);
        }
        Ok(batches)
    }

    /// All changes, so that the store is never over its limit on the way.
    fn order(&self, limit: u64) -> Vec<&PlannedChange<'a>> {
        let mut kindest: Vec<&PlannedChange<'a>> = self.changes.iter().collect();
        kindest.sort_by_key(|planned| stage(planned));
        let mut shrinking: Vec<&PlannedChange<'a>> = kindest
            .iter()
            .copied()
            .filter(|planned| planned.bytes_after() < planned.bytes_before())
            .collect();
        shrinking.sort_by_key(|planned| {
            (stage(planned), Reverse(planned.bytes_before().saturating_sub(planned.bytes_after())))
        });

        let (mut kindest, mut shrinking) = (VecDeque::from(kindest), VecDeque::from(shrinking));
        let mut bytes = self.before.total_size_in_bytes;
        let mut taken = HashSet::new();
        let mut order = Vec::with_capacity(kindest.len());
        while let Some(next) = kindest.front().copied() {
            if taken.contains(next.key) {
                kindest.pop_front();
                continue;
            }
            let grows = next.bytes_after() > next.bytes_before();
            let fits = !grows || bytes + next.bytes_after() - next.bytes_before() <= limit;
            // Without anything that shrinks, all that is left fits, because the result does.
            let chosen = if fits { next } else { shrinking.pop_front().unwrap_or(next) };
            if taken.insert(chosen.key) {
                bytes = bytes + chosen.bytes_after() - chosen.bytes_before();
                order.push(chosen);
            }
        }
        order
    }
}

/// When an planned is written if there is room: additions, changes, removals.
fn stage(planned: &PlannedChange<'_>) -> u8 {
    match planned.change {
        Change::Added { .. } => 0,
        Change::Changed { .. } => 1,
        Change::Removed { .. } => 2,
    }
}
