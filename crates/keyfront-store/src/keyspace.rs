//! The table of keys, byte by byte. Nothing else in the workspace makes or takes apart a key.
//!
//! | key                                            | value                                            |
//! |------------------------------------------------|--------------------------------------------------|
//! | `00` `format`                                  | [`Format`]: which steps of the [migration](crate::migration) were made |
//! | `00` `guard`                                   | nothing: every change to what a saved state holds writes it |
//! | `03` account id                                | [`KeyValueStoreRecord`]: what the control plane keeps |
//! | `05` account id                                | [`PairsRecord`]: version, count and size of the pairs |
//! | `06` account id key                            | a pair's value, in the first generation of a store |
//! | `08` account id                                | nothing: an import that is not finished          |
//! | `09` account arn                               | [`TagsRecord`]                                   |
//! | `0a` account arn                               | [`ReferencesRecord`]: how many refer to a resource |
//! | `0b` account arn `00` arn                      | nothing: who refers to it, the second            |
//! | `0c` access key id                             | [`CredentialRecord`]                             |
//! | `0d` account id generation key                 | a pair's value, in a later generation            |
//! | `0e` account id version                        | nothing: a generation that is being staged, which is the version of this entry |
//! | `0f` account id generation                     | nothing: a generation that nothing reads any more |
//! | `20` account kind `/` id                       | [`ResourceRecord`]: a configuration resource     |
//! | `21` account kind `/` created id               | nothing: the resources of a kind in the order of their creation |
//! | `22` account kind                              | [`CountRecord`]: how many resources of a kind the account has |
//! | `23` account kind `/` name                     | [`OwnerId`]: the resource that has the name      |
//! | `24` account kind `/` caller reference         | [`OwnerId`]: the resource that a request made    |
//! | `25` account kind `/` id                       | [`DeletedRecord`]: an id that was used once      |
//! | `30` account name                              | [`FunctionRecord`]: a function with both its stages |
//! | `31` account stage name                        | [`Code`]: the code of that stage                 |
//!
//! An account is its twelve digits. An id in the tables `03` to `08` and `0d` to `0f` is the sixteen bytes of a store's UUID, in the
//! others the id as ARNs show it. A moment is eight big-endian bytes of milliseconds since the epoch, a
//! generation and a version are eight big-endian bytes; an ARN is its
//! text, which holds no zero byte; a kind is the word for it in ARNs, which holds no slash. A stage is the byte `D`
//! or `L`. A name, a key, an ARN or an id that is text stands last, so nothing needs a length or an escape. Every
//! value that is not empty begins with a version byte; see [`crate::records`].
//!
//! The tables `21` to `25` are about resources of every kind: `22` counts stores and functions too, and `21`, `23`
//! and `25` have stores. Functions are found and listed by name, so table `30` is their order and their names.
//!
//! The tables `01`, `02`, `04` and `07` held counts, names, order and deleted ids of stores alone, and the values of
//! `23` and `24` were empty; the migration moves what it finds. Their bytes are not used again.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::function::Stage;

use crate::records::{
    Code, CountRecord, CredentialRecord, DeletedRecord, Format, FunctionRecord, Generation,
    KeyValueStoreRecord, OwnerId, Present, ReferencesRecord, ResourceRecord, TagsRecord,
};
use crate::{Key, Prefix, Range, Table, Version};

static FORMATS: Table<Format> = Table::new(0x00, "format");
static STORES: Table<KeyValueStoreRecord> = Table::new(0x03, "key value store");
const PAIRS: u8 = 0x05;
const PAIR: u8 = 0x06;
static IMPORTS: Table<Present> = Table::new(0x08, "import");
static TAGS: Table<TagsRecord> = Table::new(0x09, "tags");
static REFERENCES: Table<ReferencesRecord> = Table::new(0x0a, "references");
static REFERRERS: Table<Present> = Table::new(0x0b, "referrer");
static CREDENTIALS: Table<CredentialRecord> = Table::new(0x0c, "credential");
const STAGED_PAIR: u8 = 0x0d;
const STAGE: u8 = 0x0e;
const LEFTOVER: u8 = 0x0f;
static RESOURCES: Table<ResourceRecord> = Table::new(0x20, "resource");
static CREATIONS: Table<Present> = Table::new(0x21, "creation");
static COUNTS: Table<CountRecord> = Table::new(0x22, "count");
static NAMES: Table<OwnerId> = Table::new(0x23, "name");
static CALLER_REFERENCES: Table<OwnerId> = Table::new(0x24, "caller reference");
static DELETED: Table<DeletedRecord> = Table::new(0x25, "deleted resource");
static FUNCTIONS: Table<FunctionRecord> = Table::new(0x30, "function");
static FUNCTION_CODE: Table<Code> = Table::new(0x31, "code");

/// The tables that no saved state holds and no restore touches: which steps were made is a matter of the
/// engine's data, generations of pairs are one of the store, and who may sign requests is no part of what tests put back. Every other table belongs to a
/// saved state, also one that is added later.
const NOT_SAVED: [u8; 5] = [FORMATS.first(), CREDENTIALS.first(), STAGED_PAIR, STAGE, LEFTOVER];

/// The tables that [`restorable_records`] leaves out.
const NO_RECORDS: [u8; 6] = [FORMATS.first(), PAIR, CREDENTIALS.first(), STAGED_PAIR, STAGE, LEFTOVER];

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

/// Everything that belongs to a saved state, in key order: all tables but those that are [`NOT_SAVED`].
pub(crate) fn restorable() -> Vec<Range> {
    all_but(&NOT_SAVED)
}

/// What belongs to a saved state, without pairs of any generation.
pub(crate) fn restorable_records() -> Vec<Range> {
    all_but(&NO_RECORDS)
}

/// All tables but these, which are in order.
fn all_but(tables: &[u8]) -> Vec<Range> {
    let mut ranges = Vec::with_capacity(tables.len() + 1);
    let mut start = Bytes::new();
    for table in tables {
        let apart = Range::prefix(join(*table, &[]));
        ranges.push(Range::new(start, apart.start));
        start = apart.end;
    }
    ranges.push(Range::new(start, Bytes::new()));
    ranges.retain(|range| !range.is_empty());
    ranges
}

/// The guard. A batch that checks it rests on everything that a saved state holds.
pub(crate) fn guard() -> Bytes {
    join(FORMATS.first(), &[b"guard"])
}

/// Which steps of the migration were made.
pub(crate) fn format() -> Key<Format> {
    FORMATS.key(&[b"format"])
}

/// True for the head of a store's pairs.
pub(crate) fn is_pairs(key: &[u8]) -> bool {
    key.first() == Some(&PAIRS)
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
    Bytes::from_static(&[PAIRS])
}

pub(crate) fn pairs(store: &KeyValueStoreArn) -> Bytes {
    of_store(PAIRS, store)
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

pub(crate) fn tags(arn: &Arn) -> Key<TagsRecord> {
    TAGS.key(&[arn.account.as_bytes(), arn.to_string().as_bytes()])
}

pub(crate) fn references(target: &Arn) -> Key<ReferencesRecord> {
    REFERENCES.key(&[target.account.as_bytes(), target.to_string().as_bytes()])
}

/// Everything that refers to a resource, or what of it is of one kind. What follows the prefix in a key is the
/// referrer's ARN, or its id.
pub(crate) fn referrers(target: &Arn, kind: Option<ResourceKind>) -> Prefix<Present> {
    let kind = kind.map(|kind| Arn::new(target.account, kind, "").to_string()).unwrap_or_default();
    REFERRERS.prefix(&[target.account.as_bytes(), target.to_string().as_bytes(), &[0], kind.as_bytes()])
}

pub(crate) fn referrer(target: &Arn, referrer: &Arn) -> Key<Present> {
    let (account, target, referrer) = (target.account, target.to_string(), referrer.to_string());
    REFERRERS.key(&[account.as_bytes(), target.as_bytes(), &[0], referrer.as_bytes()])
}

/// All credentials.
pub(crate) fn credentials() -> Prefix<CredentialRecord> {
    CREDENTIALS.prefix(&[])
}

pub(crate) fn credential(access_key_id: &str) -> Key<CredentialRecord> {
    CREDENTIALS.key(&[access_key_id.as_bytes()])
}

/// A configuration resource; for an ARN of a store or a function, a key that has no record.
pub(crate) fn resource(arn: &Arn) -> Key<ResourceRecord> {
    RESOURCES.key(&[arn.account.as_bytes(), arn.kind().as_str().as_bytes(), b"/", arn.id().as_bytes()])
}

/// All configuration resources of all accounts.
pub(crate) fn all_resources() -> Prefix<ResourceRecord> {
    RESOURCES.prefix(&[])
}

/// The configuration resources of a kind that an account has. An id follows the prefix.
pub(crate) fn resources(account: AccountId, kind: ResourceKind) -> Prefix<ResourceRecord> {
    RESOURCES.prefix(&[account.as_bytes(), kind.as_str().as_bytes(), b"/"])
}

/// The resource that an account, a kind and an id name, as they stand behind the byte of a table.
pub(crate) fn resource_in(rest: &[u8]) -> Option<Arn> {
    let (account, resource) = std::str::from_utf8(rest).ok()?.split_at_checked(12)?;
    let (kind, id) = resource.split_once('/')?;
    Some(Arn::new(account.parse().ok()?, ResourceKind::of_word(kind)?, id))
}

/// The resources of a kind in the order of their creation. A moment and an id follow the prefix.
pub(crate) fn creations(account: AccountId, kind: ResourceKind) -> Prefix<Present> {
    CREATIONS.prefix(&[account.as_bytes(), kind.as_str().as_bytes(), b"/"])
}

pub(crate) fn creation(arn: &Arn, created_ms: i64) -> Key<Present> {
    let kind = arn.kind().as_str().as_bytes();
    CREATIONS.key(&[arn.account.as_bytes(), kind, b"/", &created_ms.to_be_bytes(), arn.id().as_bytes()])
}

/// The id in what follows the prefix of [`creations`].
pub(crate) fn created_id(rest: &[u8]) -> Option<&str> {
    std::str::from_utf8(rest.get(8..)?).ok()
}

pub(crate) fn count(account: AccountId, kind: ResourceKind) -> Key<CountRecord> {
    COUNTS.key(&[account.as_bytes(), kind.as_str().as_bytes()])
}

/// The counts of all kinds and accounts. An account and a kind follow the prefix.
pub(crate) fn counts() -> Prefix<CountRecord> {
    COUNTS.prefix(&[])
}

pub(crate) fn name(account: AccountId, kind: ResourceKind, name: &str) -> Key<OwnerId> {
    NAMES.key(&[account.as_bytes(), kind.as_str().as_bytes(), b"/", name.as_bytes()])
}

pub(crate) fn caller_reference(account: AccountId, kind: ResourceKind, reference: &str) -> Key<OwnerId> {
    CALLER_REFERENCES.key(&[account.as_bytes(), kind.as_str().as_bytes(), b"/", reference.as_bytes()])
}

/// Whether a key is one of a name or a caller reference, which have an owner.
pub(crate) fn has_owner(key: &[u8]) -> bool {
    key.first().is_some_and(|table| [NAMES.first(), CALLER_REFERENCES.first()].contains(table))
}

pub(crate) fn deleted(arn: &Arn) -> Key<DeletedRecord> {
    DELETED.key(&[arn.account.as_bytes(), arn.kind().as_str().as_bytes(), b"/", arn.id().as_bytes()])
}

/// All functions of all accounts.
pub(crate) fn all_functions() -> Prefix<FunctionRecord> {
    FUNCTIONS.prefix(&[])
}

/// All functions of an account, in the order of their names.
pub(crate) fn functions(account: AccountId) -> Prefix<FunctionRecord> {
    FUNCTIONS.prefix(&[account.as_bytes()])
}

pub(crate) fn function(arn: &FunctionArn) -> Key<FunctionRecord> {
    FUNCTIONS.key(&[arn.account.as_bytes(), arn.name.as_bytes()])
}

/// The function in a key of [`all_functions`].
pub(crate) fn function_of(key: &[u8]) -> Option<FunctionArn> {
    let account = std::str::from_utf8(key.get(1..13)?).ok()?.parse().ok()?;
    let name = std::str::from_utf8(key.get(13..)?).ok()?.to_owned();
    Some(FunctionArn { account, name })
}

pub(crate) fn function_code(arn: &FunctionArn, stage: Stage) -> Key<Code> {
    let stage: &[u8] = match stage {
        Stage::Development => b"D",
        Stage::Live => b"L",
    };
    FUNCTION_CODE.key(&[arn.account.as_bytes(), stage, arn.name.as_bytes()])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn arn() -> KeyValueStoreArn {
        KeyValueStoreArn { account: AccountId::DEVELOPMENT, id: Uuid::from_u128(7) }
    }

    fn resource_arn(kind: ResourceKind) -> Arn {
        Arn::new(AccountId::DEVELOPMENT, kind, "X1")
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
        let key = resource_arn(ResourceKind::KEY_GROUP);
        assert_eq!(resource_in(&all_resources().rest(&resource(&key).bytes())), Some(key.clone()));
        let creations = creations(key.account, key.kind());
        assert_eq!(created_id(&creations.rest(&creation(&key, 12).bytes())), Some("X1"));
        assert_eq!(resource_in(b"000000000000something/X1"), None);
    }

    #[test]
    fn a_function_is_found_in_its_key_and_its_stages_have_keys_of_their_own() {
        let arn = FunctionArn { account: AccountId::DEVELOPMENT, name: "redirect".to_owned() };
        assert_eq!(function_of(&function(&arn).bytes()), Some(arn.clone()));
        assert!(holds(&functions(arn.account), &function(&arn)));
        assert!(holds(&all_functions(), &function(&arn)));
        let [development, live] =
            [Stage::Development, Stage::Live].map(|stage| function_code(&arn, stage).bytes());
        assert_ne!(development, live);
        assert_eq!(function_of(b"\x30short"), None);
    }

    fn holds<R>(prefix: &Prefix<R>, key: &Key<R>) -> bool {
        let (range, key) = (prefix.range(), key.bytes());
        range.start <= key && key < range.end
    }

    #[test]
    fn keys_begin_with_the_prefix_of_their_range() {
        assert!(pairs_of(&arn(), Generation::of(Version(7))).starts_with(&staged_pairs()));
        assert!(stage(&arn(), Version(7)).starts_with(&stages()));
        assert!(leftover(&arn(), Generation::FIRST).starts_with(&leftovers()));
        assert!(holds(&imports(), &import(&arn())));
        let account = AccountId::DEVELOPMENT;
        let [a, ab, b] = ["a", "ab", "b"].map(|id| Arn::new(account, ResourceKind::KEY_GROUP, id));
        assert!(holds(&referrers(&a, None), &referrer(&a, &b)));
        assert!(!holds(&referrers(&a, None), &referrer(&ab, &b)));
        assert!(holds(&referrers(&a, Some(ResourceKind::KEY_GROUP)), &referrer(&a, &b)));
        assert!(!holds(&referrers(&a, Some(ResourceKind::PUBLIC_KEY)), &referrer(&a, &b)));
        let rest = referrers(&a, Some(ResourceKind::KEY_GROUP)).rest(&referrer(&a, &b).bytes());
        assert_eq!(rest, "b");
    }

    #[test]
    fn every_table_but_those_that_are_not_saved_is_restored_also_one_that_is_added_later() {
        let ranges = restorable();
        for table in 0..=u8::MAX {
            let key = join(table, &[b"rest"]);
            let holds = |range: &Range| range.start <= key && (range.end.is_empty() || key < range.end);
            let held = ranges.iter().filter(|range| holds(range)).count();
            assert_eq!(held, usize::from(!NOT_SAVED.contains(&table)), "table {table:02x}");
        }
        assert!(NOT_SAVED.is_sorted());
    }

    #[test]
    fn creation_order_is_key_order() {
        let arn = resource_arn(ResourceKind::KEY_GROUP);
        let mut keys = [256, 2, 1].map(|moment| creation(&arn, moment).bytes());
        keys.sort();
        assert_eq!(keys, [1, 2, 256].map(|moment| creation(&arn, moment).bytes()));
    }

    #[test]
    fn resources_of_two_kinds_never_share_a_range() {
        let [short, long] = [ResourceKind::DISTRIBUTION, ResourceKind::DISTRIBUTION_TENANT].map(resource_arn);
        let prefix = creations(AccountId::DEVELOPMENT, ResourceKind::DISTRIBUTION);
        assert!(holds(&prefix, &creation(&short, 7)));
        assert!(!holds(&prefix, &creation(&long, 7)));
    }
}
