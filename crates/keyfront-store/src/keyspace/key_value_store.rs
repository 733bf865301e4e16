//! Keys of key value stores, their pairs in all generations, and what is staged.

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;

use super::join;
use crate::records::{Generation, KeyValueStoreRecord, PairsRecord, Present};
use crate::{Key, Prefix, Table, Version};

static STORES: Table<KeyValueStoreRecord> = Table::new(0x03, "key value store");
pub(super) static PAIRS: Table<PairsRecord> = Table::new(0x05, "pairs");
pub(super) const PAIR: u8 = 0x06;
static IMPORTS: Table<Present> = Table::new(0x08, "import");
pub(super) const STAGED_PAIR: u8 = 0x0d;
pub(super) const STAGE: u8 = 0x0e;
pub(super) const LEFTOVER: u8 = 0x0f;

/// Bytes of a store's prefix: table, account, id.
const STORE_PREFIX: usize = 1 + 12 + 16;

fn of_store(table: u8, store: &KeyValueStoreArn) -> Bytes {
    join(table, &[store.account.as_bytes(), store.id.as_bytes()])
}

/// True for the head of a store's pairs.
pub(crate) fn is_pairs(key: &[u8]) -> bool {
    key.first() == Some(&PAIRS.first())
}

/// True for a pair itself, of any generation.
pub(crate) fn is_pair(key: &[u8]) -> bool {
    matches!(key.first(), Some(&PAIR | &STAGED_PAIR))
}

pub(crate) fn store(store: &KeyValueStoreArn) -> Key<KeyValueStoreRecord> {
    STORES.key(&[store.account.as_bytes(), store.id.as_bytes()])
}

/// The heads of all stores of all accounts.
pub(crate) fn all_pairs() -> Bytes {
    join(PAIRS.first(), &[])
}

/// The head of a store's pairs.
pub(crate) fn pairs(store: &KeyValueStoreArn) -> Key<PairsRecord> {
    PAIRS.key(&[store.account.as_bytes(), store.id.as_bytes()])
}

/// The pairs of one generation of a store: every key of this prefix is [`pair`] of one key.
pub(crate) fn pairs_of(store: &KeyValueStoreArn, generation: Generation) -> Bytes {
    pair(store, generation, "")
}

pub(crate) fn pair(store: &KeyValueStoreArn, generation: Generation, key: &str) -> Bytes {
    let (account, id) = (store.account.as_bytes(), store.id.as_bytes());
    if generation == Generation::FIRST {
        return join(PAIR, &[account, id, key.as_bytes()]);
    }
    join(STAGED_PAIR, &[account, id, &generation.to_bytes(), key.as_bytes()])
}

/// The pairs of all generations of a store but the first.
pub(crate) fn later_pairs(store: &KeyValueStoreArn) -> Bytes {
    of_store(STAGED_PAIR, store)
}

/// The pairs of all generations but the first, of every store.
pub(crate) fn staged_pairs() -> Bytes {
    Bytes::from_static(&[STAGED_PAIR])
}

/// The pair's key in a key of [`pairs_of`].
pub(crate) fn pair_key(key: &[u8]) -> Option<&str> {
    let is_staged = key.first() == Some(&STAGED_PAIR);
    let prefix = if is_staged { STORE_PREFIX + Generation::BYTES } else { STORE_PREFIX };
    std::str::from_utf8(key.get(prefix..)?).ok()
}

/// The store and the generation whose pair it is, in a key of [`pairs_of`].
pub(crate) fn owner_of_pair(key: &[u8]) -> Option<(KeyValueStoreArn, Generation)> {
    let is_staged = key.first() == Some(&STAGED_PAIR);
    let generation = if is_staged { generation_in(key)? } else { Generation::FIRST };
    Some((store_of(key.get(..STORE_PREFIX)?)?, generation))
}

/// The generation behind a store's prefix.
fn generation_in(key: &[u8]) -> Option<Generation> {
    key.get(STORE_PREFIX..)?.first_chunk().map(|bytes| Generation::from_bytes(*bytes))
}

/// All generations that are being staged, of every store.
pub(crate) fn stages() -> Bytes {
    Bytes::from_static(&[STAGE])
}

/// A generation that is being staged. The version keeps those apart that are begun at the same time.
pub(crate) fn stage(store: &KeyValueStoreArn, version: Version) -> Bytes {
    join(STAGE, &[store.account.as_bytes(), store.id.as_bytes(), &version.0.to_be_bytes()])
}

/// The store in a key of [`stages`].
pub(crate) fn store_of_stage(key: &[u8]) -> Option<KeyValueStoreArn> {
    store_of(key.get(..STORE_PREFIX)?)
}

/// All generations that nothing reads any more, of every store.
pub(crate) fn leftovers() -> Bytes {
    Bytes::from_static(&[LEFTOVER])
}

pub(crate) fn leftover(store: &KeyValueStoreArn, generation: Generation) -> Bytes {
    join(LEFTOVER, &[store.account.as_bytes(), store.id.as_bytes(), &generation.to_bytes()])
}

/// The store and the generation in a key of [`leftovers`].
pub(crate) fn leftover_of(key: &[u8]) -> Option<(KeyValueStoreArn, Generation)> {
    Some((store_of(key.get(..STORE_PREFIX)?)?, generation_in(key)?))
}

/// All imports that are not finished, of every account.
pub(crate) fn imports() -> Prefix<Present> {
    IMPORTS.prefix(&[])
}

pub(crate) fn import(store: &KeyValueStoreArn) -> Key<Present> {
    IMPORTS.key(&[store.account.as_bytes(), store.id.as_bytes()])
}

/// The store in a key that names one and nothing else, such as those of [`all_pairs`].
pub(crate) fn store_of(key: &[u8]) -> Option<KeyValueStoreArn> {
    store_in(key.get(1..)?)
}

/// The store that an account and an id name, as they stand behind the byte of a table.
pub(crate) fn store_in(rest: &[u8]) -> Option<KeyValueStoreArn> {
    let account = std::str::from_utf8(rest.get(..12)?).ok()?.parse().ok()?;
    Some(KeyValueStoreArn { account, id: uuid::Uuid::from_slice(rest.get(12..)?).ok()? })
}

#[cfg(test)]
mod tests {
    use keyfront_domain::AccountId;
    use uuid::Uuid;

    use super::*;

    fn arn() -> KeyValueStoreArn {
        KeyValueStoreArn { account: AccountId::DEVELOPMENT, id: Uuid::from_u128(7) }
    }

    #[test]
    fn what_is_put_into_a_key_comes_out_of_it() {
        for generation in [Generation::FIRST, Generation::of(Version(7))] {
            let key = pair(&arn(), generation, "a/ü\0");
            assert_eq!(pair_key(&key), Some("a/ü\0"));
            assert_eq!(owner_of_pair(&key), Some((arn(), generation)));
            assert!(key.starts_with(&pairs_of(&arn(), generation)));
            assert_eq!(leftover_of(&leftover(&arn(), generation)), Some((arn(), generation)));
        }
        assert_eq!(store_of_stage(&stage(&arn(), Version(7))), Some(arn()));
        assert_eq!(store_of(&import(&arn()).bytes()), Some(arn()));
        assert_eq!(pair_key(b"\x06short"), None);
    }

    #[test]
    fn keys_begin_with_the_prefix_of_their_range() {
        assert!(pairs_of(&arn(), Generation::of(Version(7))).starts_with(&staged_pairs()));
        assert!(stage(&arn(), Version(7)).starts_with(&stages()));
        assert!(leftover(&arn(), Generation::FIRST).starts_with(&leftovers()));
        assert!(pairs(&arn()).bytes().starts_with(&all_pairs()));
        assert!(import(&arn()).bytes().starts_with(&imports().range().start));
    }
}
