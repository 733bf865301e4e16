//! What a write does to a store's pairs: the rules of `PutKey`, `DeleteKey` and `UpdateKeys`, and of a write
//! of any number of pairs.
//!
//! Pure: the caller reads the pairs that a write touches and commits what comes out.

mod store_pairs;

use std::collections::BTreeMap;

pub use store_pairs::StorePairs;

use crate::Quotas;

/// How many pairs a store holds and how large they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Number of pairs.
    pub item_count: u64,
    /// Sum of the UTF-8 bytes of all keys and values; a pair has no other cost.
    pub total_size_in_bytes: u64,
}

impl Totals {
    /// With one more pair; nothing when the numbers have no room for it, which those of no store lack.
    #[must_use]
    pub fn with(self, key: &str, value: &str) -> Option<Totals> {
        self.plus(Totals { item_count: 1, total_size_in_bytes: size(key, value) })
    }

    /// Without a pair; nothing when the pair is more than what was counted.
    #[must_use]
    pub fn without(self, key: &str, value: &str) -> Option<Totals> {
        Some(Totals {
            item_count: self.item_count.checked_sub(1)?,
            total_size_in_bytes: self.total_size_in_bytes.checked_sub(size(key, value))?,
        })
    }

    /// What two stores hold together; nothing when that is more than the numbers can say.
    #[must_use]
    pub fn plus(self, other: Totals) -> Option<Totals> {
        Some(Totals {
            item_count: self.item_count.checked_add(other.item_count)?,
            total_size_in_bytes: self.total_size_in_bytes.checked_add(other.total_size_in_bytes)?,
        })
    }
}

/// A write that the quotas refuse. The text is the service's own, and repeats the row of its quota table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuotaExceeded {
    /// More pairs, or more bytes, than one request may carry.
    #[error("Limit exceeded: Maximum key values pairs that you can update in a single API request")]
    PairsPerUpdate,
    /// A key is too long.
    #[error("Limit exceeded: Maximum size of a key in a key value pair")]
    KeySize,
    /// A value is too long.
    #[error("Limit exceeded: Maximum size of the value in a key value pair")]
    ValueSize,
    /// The store would grow over its limit.
    #[error("Limit exceeded: Maximum size of an individual key value store")]
    StoreSize,
}

/// Why an update cannot be applied to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotApplied {
    /// A quota refuses it.
    #[error(transparent)]
    QuotaExceeded(#[from] QuotaExceeded),
    /// The totals of the store cannot be those of the pairs that it holds.
    #[error("the totals of the store are not those of its pairs")]
    WrongTotals,
}

/// The pairs that a request changes, one entry per key: the value to put, or `None` to delete.
///
/// A key that comes twice in the puts takes the last value. A key in both lists is deleted, as on the
/// service (hashicorp/terraform-provider-aws#43190 shows it).
#[derive(Debug, PartialEq, Eq)]
pub struct Update<'a>(BTreeMap<&'a str, Option<&'a str>>);

impl<'a> Update<'a> {
    /// Folds the two lists of a request after checking the request's own limits.
    pub fn new(
        puts: impl IntoIterator<Item = (&'a str, &'a str)>,
        deletes: impl IntoIterator<Item = &'a str>,
        quotas: &Quotas,
    ) -> Result<Self, QuotaExceeded> {
        let (update, count, bytes) = Self::folded(puts, deletes, quotas)?;
        if count > quotas.pairs_per_update || bytes > quotas.update_bytes {
            return Err(QuotaExceeded::PairsPerUpdate);
        }
        Ok(update)
    }

    /// Folds the two lists of a request that may carry any number of pairs, which AWS has not. The limits of
    /// keys, values and the store hold as ever.
    pub fn of_any_number(
        puts: impl IntoIterator<Item = (&'a str, &'a str)>,
        deletes: impl IntoIterator<Item = &'a str>,
        quotas: &Quotas,
    ) -> Result<Self, QuotaExceeded> {
        Self::folded(puts, deletes, quotas).map(|(update, _, _)| update)
    }

    /// The update, and the pairs and bytes that the lists had.
    fn folded(
        puts: impl IntoIterator<Item = (&'a str, &'a str)>,
        deletes: impl IntoIterator<Item = &'a str>,
        quotas: &Quotas,
    ) -> Result<(Self, u64, u64), QuotaExceeded> {
        let mut pairs = BTreeMap::new();
        let (mut count, mut bytes) = (0, 0);
        let key_fits =
            |key: &str| if length(key) > quotas.key_bytes { Err(QuotaExceeded::KeySize) } else { Ok(()) };
        for (key, value) in puts {
            key_fits(key)?;
            if length(value) > quotas.value_bytes {
                return Err(QuotaExceeded::ValueSize);
            }
            count += 1;
            bytes += size(key, value);
            pairs.insert(key, Some(value));
        }
        for key in deletes {
            key_fits(key)?;
            count += 1;
            bytes += length(key);
            pairs.insert(key, None);
        }
        Ok((Update(pairs), count, bytes))
    }

    /// How many keys it touches.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it touches none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys it touches, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.keys().copied()
    }

    /// Works out what the update changes in a store that has `totals` and holds `existing` values of the
    /// touched keys, in the order of [`Update::keys`].
    pub fn apply(
        &self,
        totals: Totals,
        existing: &[Option<&str>],
        quotas: &Quotas,
    ) -> Result<Effect<'a>, NotApplied> {
        let mut after = totals;
        let mut changes = Vec::with_capacity(self.0.len());
        for ((key, wanted), held) in self.0.iter().zip(existing) {
            if wanted == held {
                continue;
            }
            if let Some(value) = held {
                after = after.without(key, value).ok_or(NotApplied::WrongTotals)?;
            }
            if let Some(value) = wanted {
                after = after.with(key, value).ok_or(NotApplied::WrongTotals)?;
            }
            changes.push((*key, *wanted));
        }
        if after.total_size_in_bytes > quotas.key_value_store_bytes
            && after.total_size_in_bytes > totals.total_size_in_bytes
        {
            return Err(QuotaExceeded::StoreSize.into());
        }
        Ok(Effect { changes, totals: after })
    }
}

/// What an update changes. No changes: the store keeps its version.
#[derive(Debug, PartialEq, Eq)]
pub struct Effect<'a> {
    /// Pairs that really differ: the new value, or `None` where the pair goes.
    pub changes: Vec<(&'a str, Option<&'a str>)>,
    /// The store's totals afterwards.
    pub totals: Totals,
}

/// What one pair adds to a store's size, in bytes.
pub fn size(key: &str, value: &str) -> u64 {
    length(key) + length(value)
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
