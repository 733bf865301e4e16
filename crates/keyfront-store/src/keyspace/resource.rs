//! Keys of resources of every kind: records, order, counts, names, tags and references.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};

use super::function::is_function;
use crate::records::{
    CountRecord, DeletedRecord, OwnerId, Present, ReferencesRecord, ResourceRecord, StoredResource,
    TagsRecord,
};
use crate::{Key, Prefix, Table};

static TAGS: Table<TagsRecord> = Table::new(0x09, "tags");
static REFERENCES: Table<ReferencesRecord> = Table::new(0x0a, "references");
static REFERRERS: Table<Present> = Table::new(0x0b, "referrer");
pub(super) static RESOURCES: Table<ResourceRecord> = Table::new(0x20, "resource");
static STORED_RESOURCES: Table<StoredResource> = Table::new(0x20, "resource");
static CREATIONS: Table<Present> = Table::new(0x21, "creation");
static COUNTS: Table<CountRecord> = Table::new(0x22, "count");
static NAMES: Table<OwnerId> = Table::new(0x23, "name");
static CALLER_REFERENCES: Table<OwnerId> = Table::new(0x24, "caller reference");
static DELETED: Table<DeletedRecord> = Table::new(0x25, "deleted resource");

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

/// A configuration resource; for an ARN of a store or a function, a key that has no record.
pub(crate) fn resource(arn: &Arn) -> Key<ResourceRecord> {
    RESOURCES.key(&[arn.account.as_bytes(), arn.kind().as_str().as_bytes(), b"/", arn.id().as_bytes()])
}

/// The same, as it is stored.
pub(crate) fn stored_resource(arn: &Arn) -> Key<StoredResource> {
    STORED_RESOURCES.key(&[arn.account.as_bytes(), arn.kind().as_str().as_bytes(), b"/", arn.id().as_bytes()])
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

/// The kind of resource that a key holds the record of, of those that are not stores.
pub(crate) fn kind_of_resource(key: &Bytes) -> Option<ResourceKind> {
    if is_function(key) {
        return Some(ResourceKind::FUNCTION);
    }
    let (&table, rest) = key.split_first()?;
    resource_in(rest).filter(|_| table == RESOURCES.first()).map(|arn| arn.kind())
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

/// The count of a part of a kind. No kind has a slash in its name.
pub(crate) fn count_of_part(account: AccountId, kind: ResourceKind, part: &str) -> Key<CountRecord> {
    COUNTS.key(&[account.as_bytes(), kind.as_str().as_bytes(), b"/", part.as_bytes()])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn resource_arn(kind: ResourceKind) -> Arn {
        Arn::new(AccountId::DEVELOPMENT, kind, "X1")
    }

    fn holds<R>(prefix: &Prefix<R>, key: &Key<R>) -> bool {
        let (range, key) = (prefix.range(), key.bytes());
        range.start <= key && key < range.end
    }

    #[test]
    fn what_is_put_into_a_key_comes_out_of_it() {
        let key = resource_arn(ResourceKind::KEY_GROUP);
        assert_eq!(resource_in(&all_resources().rest(&resource(&key).bytes())), Some(key.clone()));
        let creations = creations(key.account, key.kind());
        assert_eq!(created_id(&creations.rest(&creation(&key, 12).bytes())), Some("X1"));
        assert_eq!(resource_in(b"000000000000something/X1"), None);
    }

    #[test]
    fn referrers_of_one_target_have_a_range_of_their_own() {
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
