//! What belongs to a resource beside its record: takes and gives back its name, caller reference and references.

use std::collections::BTreeSet;

use keyfront_domain::arn::Arn;
use keyfront_domain::etag;

use super::{Content, Refused};
use crate::records::{OwnerId, ResourceRecord};
use crate::{Abort, Key, Transaction, domain_names, keyspace, references};

/// The resource of this ARN, if `if_match`, where given, is its ETag.
pub(super) async fn matching(
    tx: &Transaction<'_>,
    arn: &Arn,
    if_match: Option<&str>,
) -> Result<ResourceRecord, Abort<Refused>> {
    let record = super::get(tx, arn).await?.ok_or(Abort::Refused(Refused::Absent))?;
    match if_match {
        Some(etag) if etag::control_plane(record.version) != etag => Err(Abort::Refused(Refused::Stale)),
        Some(_) | None => Ok(record),
    }
}

/// Takes what `after` needs, and gives back what only `before` needed.
pub(super) async fn hold(
    tx: &Transaction<'_>,
    arn: &Arn,
    before: Option<&ResourceRecord>,
    after: &Content,
) -> Result<(), Abort<Refused>> {
    let name = |name: &String| keyspace::name(arn.account, arn.kind(), name);
    let old = before.and_then(|record| record.name.as_ref());
    take(tx, arn, old.map(name), after.name.as_ref().map(name), Refused::NameTaken).await?;
    let reference = |reference: &String| keyspace::caller_reference(arn.account, arn.kind(), reference);
    let old = before.and_then(|record| record.caller_reference.as_ref()).map(reference);
    let new = after.caller_reference.as_ref().map(reference);
    take(tx, arn, old, new, Refused::CallerReferenceUsed).await?;
    let no_names = BTreeSet::new();
    let named = before.map_or(&no_names, |record| &record.domain_names);
    let changed = domain_names::change(tx, arn, named, &after.domain_names).await;
    changed.map_err(|refused| refused.map(Refused::DomainNameTaken))?;
    let none = BTreeSet::new();
    let held = before.map_or(&none, |record| &record.references);
    let changed = references::change(tx, arn, held, &after.references, &after.built_in).await;
    changed.map_err(|refused| refused.map(Refused::NoSuchTarget))
}

/// Gives back the key `old` and takes the key `new`.
async fn take(
    tx: &Transaction<'_>,
    arn: &Arn,
    old: Option<Key<OwnerId>>,
    new: Option<Key<OwnerId>>,
    taken: fn(Arn) -> Refused,
) -> Result<(), Abort<Refused>> {
    if old == new {
        return Ok(());
    }
    if let Some(new) = new {
        if let Some(OwnerId(id)) = tx.get(&new).await? {
            return Err(Abort::Refused(taken(Arn::new(arn.account, arn.kind(), id))));
        }
        tx.put(&new, &OwnerId(arn.id().to_owned()))?;
    }
    if let Some(old) = old {
        tx.delete(&old);
    }
    Ok(())
}
