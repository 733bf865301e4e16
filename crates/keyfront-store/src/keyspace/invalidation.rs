//! Keys of the invalidations of a distribution or of a tenant, which is their owner here.

use keyfront_domain::arn::Arn;

use crate::records::{InvalidationRecord, OwnerId, Present, ProgressRecord};
use crate::{Key, Prefix, Range, Table};

pub(super) static INVALIDATIONS: Table<InvalidationRecord> = Table::new(0x27, "invalidation");
static ORDER: Table<Present> = Table::new(0x28, "order of invalidations");
static CALLER_REFERENCES: Table<OwnerId> = Table::new(0x29, "caller reference of an invalidation");
static PROGRESS: Table<ProgressRecord> = Table::new(0x2a, "progress of invalidations");

pub(crate) fn invalidation(owner: &Arn, id: &str) -> Key<InvalidationRecord> {
    INVALIDATIONS.key(&[owner.account.as_bytes(), owner.to_string().as_bytes(), &[0], id.as_bytes()])
}

/// All invalidations of all accounts.
pub(crate) fn all_invalidations() -> Prefix<InvalidationRecord> {
    INVALIDATIONS.prefix(&[])
}

/// The owner of an invalidation, in what follows the prefix of [`all_invalidations`].
pub(crate) fn invalidated(rest: &[u8]) -> Option<Arn> {
    let arn = rest.get(12..)?.split(|&byte| byte == 0).next()?;
    std::str::from_utf8(arn).ok()?.parse().ok()
}

/// The invalidations of an owner, the newest first. A moment and an id follow the prefix.
pub(crate) fn invalidations(owner: &Arn) -> Prefix<Present> {
    ORDER.prefix(&[owner.account.as_bytes(), owner.to_string().as_bytes(), &[0]])
}

pub(crate) fn invalidation_order(owner: &Arn, created_ms: i64, id: &str) -> Key<Present> {
    let (account, arn) = (owner.account, owner.to_string());
    let downwards = (!created_ms).to_be_bytes();
    ORDER.key(&[account.as_bytes(), arn.as_bytes(), &[0], &downwards, id.as_bytes()])
}

/// The id in what follows the prefix of [`invalidations`].
pub(crate) fn newest_id(rest: &[u8]) -> Option<&str> {
    std::str::from_utf8(rest.get(8..)?).ok()
}

pub(crate) fn invalidation_reference(owner: &Arn, reference: &str) -> Key<OwnerId> {
    let (account, arn) = (owner.account, owner.to_string());
    CALLER_REFERENCES.key(&[account.as_bytes(), arn.as_bytes(), &[0], reference.as_bytes()])
}

pub(crate) fn progress(owner: &Arn) -> Key<ProgressRecord> {
    PROGRESS.key(&[owner.account.as_bytes(), owner.to_string().as_bytes()])
}

/// Everything that goes with an owner, but for its [`progress`].
pub(crate) fn invalidations_ended(owner: &Arn) -> [Range; 3] {
    let (account, arn) = (owner.account, owner.to_string());
    let parts: [&[u8]; 3] = [account.as_bytes(), arn.as_bytes(), &[0]];
    let [records, order, references] = [
        INVALIDATIONS.prefix(&parts).range(),
        ORDER.prefix(&parts).range(),
        CALLER_REFERENCES.prefix(&parts).range(),
    ];
    [records, order, references]
}

#[cfg(test)]
mod tests {
    use keyfront_domain::AccountId;
    use keyfront_domain::arn::ResourceKind;

    use super::*;

    #[test]
    fn the_newest_invalidation_comes_first() {
        let owner = Arn::new(AccountId::DEVELOPMENT, ResourceKind::DISTRIBUTION, "E1");
        let mut keys = [1, 256, 2].map(|moment| invalidation_order(&owner, moment, "I1").bytes());
        keys.sort();
        assert_eq!(keys, [256, 2, 1].map(|moment| invalidation_order(&owner, moment, "I1").bytes()));
        assert_eq!(
            invalidated(&all_invalidations().rest(&invalidation(&owner, "I1").bytes())),
            Some(owner.clone())
        );
        assert_eq!(newest_id(&invalidations(&owner).rest(&keys[0])), Some("I1"));
    }
}
