//! The table of keys, byte by byte. Nothing else in the workspace makes or takes apart a key.
//!
//! | key                                            | value                                            |
//! |------------------------------------------------|--------------------------------------------------|
//! | `01` account                                   | [`AccountRecord`]: how many stores the account has |
//! | `02` account name                              | id of the key value store of that name           |
//! | `03` account id                                | [`KeyValueStoreRecord`]: what the control plane keeps |
//! | `04` account created id                        | nothing: the stores in the order of their creation |
//! | `05` account id                                | [`PairsRecord`]: version, count and size of the pairs |
//! | `06` account id key                            | a pair's value                                   |
//! | `07` account id                                | [`DeletedRecord`]: an id that was used once      |
//! | `08` account id                                | nothing: an import that is not finished          |
//! | `09` account resource                          | [`TagsRecord`]                                   |
//! | `0a` account resource                          | [`ReferencesRecord`]: how many refer to a resource |
//! | `0b` account resource `00` referrer            | nothing: who refers to it                        |
//! | `0c` access key id                             | [`CredentialRecord`]                             |
//! | `20` account kind `/` id                       | [`ResourceRecord`]: a configuration resource     |
//! | `21` account kind `/` created id               | nothing: the resources of a kind in the order of their creation |
//! | `22` account kind                              | [`CountRecord`]: how many resources of a kind the account has |
//! | `23` account kind `/` name                     | nothing: a name that is taken                    |
//! | `24` account kind `/` caller reference         | nothing: a request that was made                 |
//! | `25` account kind `/` id                       | [`DeletedRecord`]: an id that was used once      |
//! | `30` account name                              | [`FunctionRecord`]: a function with both its stages |
//! | `31` account stage name                        | a version byte and the code of that stage        |
//!
//! An account is its twelve digits, an id the sixteen bytes of a UUID, a moment eight big-endian bytes of
//! milliseconds since the epoch; a resource and a referrer are ARNs, which hold no zero byte; a kind is the
//! word for it in ARNs, which holds no slash, and the id of a configuration resource is text. A stage is the
//! byte `D` or `L`. Functions are counted in table `22`, as a kind; they are listed by name. A name, a
//! key, a resource or such an id stands last, so nothing needs a length or an escape. Every value begins with a
//! version byte; see [`crate::records`].
//!
//! [`AccountRecord`]: crate::records::AccountRecord
//! [`KeyValueStoreRecord`]: crate::records::KeyValueStoreRecord
//! [`PairsRecord`]: crate::records::PairsRecord
//! [`DeletedRecord`]: crate::records::DeletedRecord
//! [`TagsRecord`]: crate::records::TagsRecord
//! [`ReferencesRecord`]: crate::records::ReferencesRecord
//! [`CredentialRecord`]: crate::records::CredentialRecord
//! [`ResourceRecord`]: crate::records::ResourceRecord
//! [`CountRecord`]: crate::records::CountRecord
//! [`FunctionRecord`]: crate::records::FunctionRecord

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn, ResourceArn, ResourceKind};
use keyfront_domain::function::Stage;
use uuid::Uuid;

use crate::records::{CredentialRecord, TagsRecord};
use crate::{Key, Prefix, Range, Table};

const ACCOUNT: u8 = 0x01;
const NAME: u8 = 0x02;
const STORE: u8 = 0x03;
const CREATION: u8 = 0x04;
const PAIRS: u8 = 0x05;
const PAIR: u8 = 0x06;
const DELETED: u8 = 0x07;
const IMPORT: u8 = 0x08;
static TAGS: Table<TagsRecord> = Table::new(0x09, "tags");
const REFERENCES: u8 = 0x0a;
const REFERRER: u8 = 0x0b;
static CREDENTIALS: Table<CredentialRecord> = Table::new(0x0c, "credential");
const RESOURCE: u8 = 0x20;
const RESOURCE_CREATION: u8 = 0x21;
const RESOURCE_COUNT: u8 = 0x22;
const RESOURCE_NAME: u8 = 0x23;
const CALLER_REFERENCE: u8 = 0x24;
const RESOURCE_DELETED: u8 = 0x25;
const FUNCTION: u8 = 0x30;
const FUNCTION_CODE: u8 = 0x31;

/// The tables that no snapshot holds and no restore touches: who may sign requests is no part of what
/// tests put back. Every other table belongs to a snapshot, also one that is added later.
const APART: [u8; 1] = [CREDENTIALS.first()];

/// Bytes of a store's prefix: table, account, id.
const STORE_PREFIX: usize = 1 + 12 + 16;

fn join(table: u8, parts: &[&[u8]]) -> Bytes {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(table);
    for part in parts {
        key.extend_from_slice(part);
    }
    Bytes::from(key)
}

fn of_store(table: u8, store: &KeyValueStoreArn) -> Bytes {
    join(table, &[store.account.as_bytes(), store.id.as_bytes()])
}

/// Everything that belongs to a snapshot, in key order: all tables but those that are [`APART`].
pub(crate) fn restorable() -> Vec<Range> {
    let mut ranges = Vec::with_capacity(APART.len() + 1);
    let mut start = Bytes::new();
    for table in APART {
        let apart = Range::prefix(join(table, &[]));
        ranges.push(Range::new(start, apart.start));
        start = apart.end;
    }
    ranges.push(Range::new(start, Bytes::new()));
    ranges
}

/// True for the head of a store's pairs.
pub(crate) fn is_pairs(key: &[u8]) -> bool {
    key.first() == Some(&PAIRS)
}

/// True for a pair itself.
pub(crate) fn is_pair(key: &[u8]) -> bool {
    key.first() == Some(&PAIR)
}

/// All accounts that ever had a store.
pub(crate) fn accounts() -> Bytes {
    Bytes::from_static(&[ACCOUNT])
}

pub(crate) fn account(account: AccountId) -> Bytes {
    join(ACCOUNT, &[account.as_bytes()])
}

pub(crate) fn name(account: AccountId, name: &str) -> Bytes {
    join(NAME, &[account.as_bytes(), name.as_bytes()])
}

pub(crate) fn store(store: &KeyValueStoreArn) -> Bytes {
    of_store(STORE, store)
}

/// All places of an account in the order of creation.
pub(crate) fn creations(account: AccountId) -> Bytes {
    join(CREATION, &[account.as_bytes()])
}

pub(crate) fn creation(store: &KeyValueStoreArn, created_ms: i64) -> Bytes {
    join(CREATION, &[store.account.as_bytes(), &created_ms.to_be_bytes(), store.id.as_bytes()])
}

/// The id in a key of [`creations`].
pub(crate) fn created_id(key: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(key.get(1 + 12 + 8..)?).ok()
}

/// The heads of all stores of all accounts.
pub(crate) fn all_pairs() -> Bytes {
    Bytes::from_static(&[PAIRS])
}

pub(crate) fn pairs(store: &KeyValueStoreArn) -> Bytes {
    of_store(PAIRS, store)
}

/// The pairs themselves: every key of this prefix is [`pair`] of one key.
pub(crate) fn pair_prefix(store: &KeyValueStoreArn) -> Bytes {
    of_store(PAIR, store)
}

pub(crate) fn pair(store: &KeyValueStoreArn, key: &str) -> Bytes {
    join(PAIR, &[store.account.as_bytes(), store.id.as_bytes(), key.as_bytes()])
}

/// The pair's key in a key of [`pair_prefix`].
pub(crate) fn pair_key(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key.get(STORE_PREFIX..)?).ok()
}

/// The store whose pair it is, in a key of [`pair_prefix`].
pub(crate) fn store_of_pair(key: &[u8]) -> Option<KeyValueStoreArn> {
    store_of(key.get(..STORE_PREFIX)?)
}

pub(crate) fn deleted(store: &KeyValueStoreArn) -> Bytes {
    of_store(DELETED, store)
}

/// All imports that are not finished, of every account.
pub(crate) fn imports() -> Bytes {
    Bytes::from_static(&[IMPORT])
}

pub(crate) fn import(store: &KeyValueStoreArn) -> Bytes {
    of_store(IMPORT, store)
}

/// The store in a key that names one and nothing else, such as those of [`imports`] and [`all_pairs`].
pub(crate) fn store_of(key: &[u8]) -> Option<KeyValueStoreArn> {
    let account = std::str::from_utf8(key.get(1..13)?).ok()?.parse().ok()?;
    Some(KeyValueStoreArn { account, id: Uuid::from_slice(key.get(13..)?).ok()? })
}

pub(crate) fn tags(account: AccountId, resource: &str) -> Key<TagsRecord> {
    TAGS.key(&[account.as_bytes(), resource.as_bytes()])
}

pub(crate) fn references(account: AccountId, resource: &str) -> Bytes {
    join(REFERENCES, &[account.as_bytes(), resource.as_bytes()])
}

/// Everyone who refers to a resource.
pub(crate) fn referrers(account: AccountId, resource: &str) -> Bytes {
    join(REFERRER, &[account.as_bytes(), resource.as_bytes(), &[0]])
}

pub(crate) fn referrer(account: AccountId, resource: &str, referrer: &str) -> Bytes {
    join(REFERRER, &[account.as_bytes(), resource.as_bytes(), &[0], referrer.as_bytes()])
}

/// All credentials.
pub(crate) fn credentials() -> Prefix<CredentialRecord> {
    CREDENTIALS.prefix(&[])
}

pub(crate) fn credential(access_key_id: &str) -> Key<CredentialRecord> {
    CREDENTIALS.key(&[access_key_id.as_bytes()])
}

/// A key of one kind of configuration resource.
fn of_kind(table: u8, account: AccountId, kind: ResourceKind, rest: &[&[u8]]) -> Bytes {
    let start: [&[u8]; 3] = [account.as_bytes(), kind.as_str().as_bytes(), b"/"];
    join(table, &[&start, rest].concat())
}

pub(crate) fn resource(arn: &ResourceArn) -> Bytes {
    of_kind(RESOURCE, arn.account, arn.kind, &[arn.id.as_bytes()])
}

/// All places of a kind of resource in the order of creation.
pub(crate) fn resource_creations(account: AccountId, kind: ResourceKind) -> Bytes {
    of_kind(RESOURCE_CREATION, account, kind, &[])
}

pub(crate) fn resource_creation(arn: &ResourceArn, created_ms: i64) -> Bytes {
    of_kind(RESOURCE_CREATION, arn.account, arn.kind, &[&created_ms.to_be_bytes(), arn.id.as_bytes()])
}

/// The id in a key that begins with the prefix of [`resource_creations`].
pub(crate) fn created_resource_id<'k>(key: &'k [u8], prefix: &[u8]) -> Option<&'k str> {
    std::str::from_utf8(key.strip_prefix(prefix)?.get(8..)?).ok()
}

pub(crate) fn resource_count(account: AccountId, kind: ResourceKind) -> Bytes {
    join(RESOURCE_COUNT, &[account.as_bytes(), kind.as_str().as_bytes()])
}

pub(crate) fn resource_name(arn: &ResourceArn, name: &str) -> Bytes {
    of_kind(RESOURCE_NAME, arn.account, arn.kind, &[name.as_bytes()])
}

pub(crate) fn caller_reference(arn: &ResourceArn, reference: &str) -> Bytes {
    of_kind(CALLER_REFERENCE, arn.account, arn.kind, &[reference.as_bytes()])
}

pub(crate) fn deleted_resource(arn: &ResourceArn) -> Bytes {
    of_kind(RESOURCE_DELETED, arn.account, arn.kind, &[arn.id.as_bytes()])
}

/// All functions of all accounts.
pub(crate) fn all_functions() -> Bytes {
    Bytes::from_static(&[FUNCTION])
}

/// All functions of an account, in the order of their names.
pub(crate) fn functions(account: AccountId) -> Bytes {
    join(FUNCTION, &[account.as_bytes()])
}

pub(crate) fn function(arn: &FunctionArn) -> Bytes {
    join(FUNCTION, &[arn.account.as_bytes(), arn.name.as_bytes()])
}

/// The function in a key of [`all_functions`].
pub(crate) fn function_of(key: &[u8]) -> Option<FunctionArn> {
    let account = std::str::from_utf8(key.get(1..13)?).ok()?.parse().ok()?;
    let name = std::str::from_utf8(key.get(13..)?).ok()?.to_owned();
    Some(FunctionArn { account, name })
}

pub(crate) fn function_code(arn: &FunctionArn, stage: Stage) -> Bytes {
    let stage: &[u8] = match stage {
        Stage::Development => b"D",
        Stage::Live => b"L",
    };
    join(FUNCTION_CODE, &[arn.account.as_bytes(), stage, arn.name.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> KeyValueStoreArn {
        KeyValueStoreArn { account: AccountId::DEVELOPMENT, id: Uuid::from_u128(7) }
    }

    #[test]
    fn what_is_put_into_a_key_comes_out_of_it() {
        assert_eq!(pair_key(&pair(&arn(), "a/ü\0")), Some("a/ü\0"));
        assert_eq!(store_of_pair(&pair(&arn(), "a/ü\0")), Some(arn()));
        assert_eq!(created_id(&creation(&arn(), 12)), Some(arn().id));
        assert_eq!(store_of(&import(&arn())), Some(arn()));
        assert_eq!(pair_key(b"\x06short"), None);
    }

    #[test]
    fn a_function_is_found_in_its_key_and_its_stages_have_keys_of_their_own() {
        let arn = FunctionArn { account: AccountId::DEVELOPMENT, name: "redirect".to_owned() };
        assert_eq!(function_of(&function(&arn)), Some(arn.clone()));
        assert!(function(&arn).starts_with(&functions(arn.account)));
        assert!(function(&arn).starts_with(&all_functions()));
        assert_ne!(function_code(&arn, Stage::Development), function_code(&arn, Stage::Live));
        assert_eq!(function_of(b"\x30short"), None);
    }

    #[test]
    fn keys_begin_with_the_prefix_of_their_range() {
        assert!(pair(&arn(), "k").starts_with(&pair_prefix(&arn())));
        assert!(creation(&arn(), 1).starts_with(&creations(arn().account)));
        assert!(import(&arn()).starts_with(&imports()));
        assert!(referrer(arn().account, "arn:a", "arn:b").starts_with(&referrers(arn().account, "arn:a")));
        assert!(!referrer(arn().account, "arn:ab", "arn:b").starts_with(&referrers(arn().account, "arn:a")));
    }

    #[test]
    fn every_table_but_those_apart_is_restored_also_one_that_is_added_later() {
        let ranges = restorable();
        for table in 0..=u8::MAX {
            let key = join(table, &[b"rest"]);
            let holds = |range: &Range| range.start <= key && (range.end.is_empty() || key < range.end);
            let held = ranges.iter().filter(|range| holds(range)).count();
            assert_eq!(held, usize::from(!APART.contains(&table)), "table {table:02x}");
        }
        assert!(APART.is_sorted());
    }

    #[test]
    fn creation_order_is_key_order() {
        let mut keys = vec![creation(&arn(), 256), creation(&arn(), 2), creation(&arn(), 1)];
        keys.sort();
        assert_eq!(keys, [creation(&arn(), 1), creation(&arn(), 2), creation(&arn(), 256)]);
    }

    #[test]
    fn resources_of_two_kinds_never_share_a_range() {
        let key = |kind| ResourceArn { account: AccountId::DEVELOPMENT, kind, id: "X1".to_owned() };
        let (short, long) = (ResourceKind::KEY_GROUP, ResourceKind::PUBLIC_KEY);
        let prefix = resource_creations(AccountId::DEVELOPMENT, short);
        assert!(resource_creation(&key(short), 7).starts_with(&prefix));
        assert!(!resource_creation(&key(long), 7).starts_with(&prefix));
        assert_eq!(created_resource_id(&resource_creation(&key(short), 7), &prefix), Some("X1"));
        assert_eq!(created_resource_id(&prefix, &prefix), None);
        assert_ne!(resource(&key(short)), deleted_resource(&key(short)));
    }
}
