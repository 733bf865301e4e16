//! The saved entries of a store, and their encoding.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use keyfront_domain::arn::ResourceKind;
use keyfront_domain::pairs::Totals;

use crate::records::{PairsRecord, damaged};
use crate::{Range, StoreError, keyspace};

/// Entries in key order: everything that a store held at one moment, except credentials. Cloning it copies
/// nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedEntries(Arc<Vec<(Bytes, Bytes)>>);

/// What a person wants to know of saved entries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contents {
    /// Key value stores of all accounts.
    pub stores: u64,
    /// Their pairs, and the bytes of keys and values as the service counts them.
    pub pairs: Totals,
    /// How many other resources of all accounts there are of each kind that there are any of.
    pub resources: BTreeMap<ResourceKind, u64>,
}

/// The bytes are not saved entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entries are cut short or out of order")]
pub struct NotSavedEntries;

impl SavedEntries {
    /// The entries must be in key order, each key once, as a read brings them.
    pub(super) fn new(entries: Vec<(Bytes, Bytes)>) -> SavedEntries {
        SavedEntries(Arc::new(entries))
    }

    /// The entries of an empty store.
    #[must_use]
    pub fn empty() -> SavedEntries {
        SavedEntries::new(Vec::new())
    }

    /// The entries, in key order.
    pub(crate) fn entries(&self) -> &[(Bytes, Bytes)] {
        &self.0
    }

    /// The entries whose keys lie in the range, whatever its limit.
    pub(super) fn within(&self, range: &Range) -> &[(Bytes, Bytes)] {
        let first = self.0.partition_point(|(key, _)| *key < range.start);
        let rest = self.0.get(first..).unwrap_or_default();
        let length = rest.partition_point(|(key, _)| range.end.is_empty() || *key < range.end);
        rest.get(..length).unwrap_or_default()
    }

    /// Whether it has an entry of this key.
    pub(super) fn has(&self, key: &Bytes) -> bool {
        self.0.binary_search_by(|(held, _)| held.cmp(key)).is_ok()
    }

    /// Counts what is in it.
    ///
    /// # Errors
    /// A record that cannot be read: it is damaged or of a later version of Keyfront.
    pub fn contents(&self) -> Result<Contents, StoreError> {
        let mut contents = Contents::default();
        for kind in self.0.iter().filter_map(|(key, _)| keyspace::kind_of_resource(key)) {
            *contents.resources.entry(kind).or_default() += 1;
        }
        for (_, value) in self.0.iter().filter(|(key, _)| keyspace::is_pairs(key)) {
            let head = PairsRecord::decode(value)?;
            contents.stores += 1;
            contents.pairs = contents.pairs.plus(head.totals).ok_or_else(|| damaged("pairs"))?;
        }
        Ok(contents)
    }

    /// The entries one after the other: length of the key, key, length of the value, value; a length is
    /// four big-endian bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let size = self.0.iter().map(|(key, value)| 8 + key.len() + value.len()).sum();
        let mut bytes = BytesMut::with_capacity(size);
        for part in self.0.iter().flat_map(|(key, value)| [key, value]) {
            // An engine takes no batch that holds a part this large.
            bytes.put_u32(u32::try_from(part.len()).unwrap_or(u32::MAX));
            bytes.put_slice(part);
        }
        bytes.freeze()
    }

    /// Reads what [`SavedEntries::to_bytes`] wrote. The entries share the memory of `bytes`.
    pub fn from_bytes(mut bytes: Bytes) -> Result<SavedEntries, NotSavedEntries> {
        let mut entries: Vec<(Bytes, Bytes)> = Vec::new();
        while bytes.has_remaining() {
            let (key, value) = (part(&mut bytes)?, part(&mut bytes)?);
            if entries.last().is_some_and(|(last, _)| *last >= key) {
                return Err(NotSavedEntries);
            }
            entries.push((key, value));
        }
        Ok(SavedEntries::new(entries))
    }
}

fn part(bytes: &mut Bytes) -> Result<Bytes, NotSavedEntries> {
    let Ok(length) = bytes.try_get_u32() else { return Err(NotSavedEntries) };
    match usize::try_from(length) {
        Ok(length) if length <= bytes.remaining() => Ok(bytes.split_to(length)),
        Ok(_) | Err(_) => Err(NotSavedEntries),
    }
}

/// Values may be secret, so only their number is printed.
impl fmt::Debug for SavedEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SavedEntries({} entries)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(pairs: &[(&'static str, &'static str)]) -> SavedEntries {
        SavedEntries::new(pairs.iter().map(|(key, value)| (Bytes::from(*key), Bytes::from(*value))).collect())
    }

    #[test]
    fn what_is_written_down_reads_back() {
        for pairs in [&[][..], &[("a", "")], &[("", "x"), ("a", "1"), ("a\0", "22")]] {
            assert_eq!(SavedEntries::from_bytes(saved(pairs).to_bytes()), Ok(saved(pairs)));
        }
    }

    #[test]
    fn totals_that_no_stores_can_have_together_are_damage() {
        use keyfront_domain::AccountId;
        use keyfront_domain::arn::KeyValueStoreArn;

        use crate::records::{Generation, Status};

        let head = |id, item_count, total_size_in_bytes| {
            let store = KeyValueStoreArn { account: AccountId::DEVELOPMENT, id: uuid::Uuid::from_u128(id) };
            let head = PairsRecord {
                status: Status::Ready,
                version: 1,
                totals: Totals { item_count, total_size_in_bytes },
                created_ms: 1,
                modified_ms: 1,
                generation: Generation::FIRST,
            };
            (keyspace::pairs(&store).bytes(), head.encode())
        };
        let counted = SavedEntries::new(vec![head(1, 2, 20), head(2, 3, 30)]).contents().unwrap();
        assert_eq!(counted.pairs, Totals { item_count: 5, total_size_in_bytes: 50 });
        for damage in [head(2, u64::MAX, 30), head(2, 3, u64::MAX)] {
            let error = SavedEntries::new(vec![head(1, 2, 20), damage]).contents().unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        }
    }

    #[test]
    fn resources_are_counted_by_kind() {
        use keyfront_domain::AccountId;
        use keyfront_domain::arn::{Arn, FunctionArn};

        let account = AccountId::DEVELOPMENT;
        let resource = |kind, id: &str| keyspace::resource(&Arn::new(account, kind, id)).bytes();
        let function = FunctionArn { account, name: "rewrite".to_owned() };
        let keys = [
            resource(ResourceKind::DISTRIBUTION, "E1"),
            resource(ResourceKind::DISTRIBUTION, "E2"),
            resource(ResourceKind::DISTRIBUTION_TENANT, "dt_1"),
            keyspace::function(&function).bytes(),
        ];
        let entries = keys.map(|key| (key, Bytes::new())).to_vec();
        let counted = SavedEntries::new(entries).contents().unwrap().resources;
        let expected = [
            (ResourceKind::DISTRIBUTION, 2),
            (ResourceKind::DISTRIBUTION_TENANT, 1),
            (ResourceKind::FUNCTION, 1),
        ];
        assert_eq!(counted, expected.into());
    }

    #[test]
    fn what_is_cut_short_or_out_of_order_is_refused() {
        let whole = saved(&[("a", "1"), ("b", "2")]).to_bytes();
        for end in (1..whole.len()).filter(|end| *end != whole.len() / 2) {
            assert_eq!(SavedEntries::from_bytes(whole.slice(..end)), Err(NotSavedEntries), "{end}");
        }
        let (first, second) = (saved(&[("a", "1")]).to_bytes(), saved(&[("b", "2")]).to_bytes());
        for parts in [[&second[..], &first[..]], [&first[..], &first[..]]] {
            assert_eq!(SavedEntries::from_bytes(parts.concat().into()), Err(NotSavedEntries));
        }
    }
}
