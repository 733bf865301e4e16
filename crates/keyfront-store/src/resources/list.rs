//! Listing the resources of a kind in the order of their creation.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};

use crate::list::{self, Page, PageRequest, UnknownMarker};
use crate::records::{ResourceRecord, StoredResource};
use crate::{Abort, Engine, keyspace};

/// Lists resources of a kind.
///
/// # Errors
/// The account never had the resource to begin after.
pub async fn list(
    engine: &dyn Engine,
    account: AccountId,
    kind: ResourceKind,
    request: PageRequest<'_, ResourceRecord>,
) -> Result<Page<ResourceRecord>, Abort<UnknownMarker>> {
    let key = |arn: &Arn| Some(keyspace::resource(arn));
    list::by_creation(engine, account, kind, request, key, key).await
}

/// Lists resources of a kind as they are stored.
///
/// # Errors
/// The account never had the resource to begin after.
pub async fn list_stored(
    engine: &dyn Engine,
    account: AccountId,
    kind: ResourceKind,
    request: PageRequest<'_, StoredResource>,
) -> Result<Page<StoredResource>, Abort<UnknownMarker>> {
    let record = |arn: &Arn| Some(keyspace::resource(arn));
    let stored = |arn: &Arn| Some(keyspace::stored_resource(arn));
    list::by_creation(engine, account, kind, request, record, stored).await
}

/// Lists resources of a kind after those that are built in, in the order in which these are given.
///
/// # Errors
/// Neither is the resource to begin after built in, nor did the account ever have it.
pub async fn list_with_built_in(
    engine: &dyn Engine,
    account: AccountId,
    kind: ResourceKind,
    built_in: &[ResourceRecord],
    request: PageRequest<'_, ResourceRecord>,
) -> Result<Page<ResourceRecord>, Abort<UnknownMarker>> {
    let place = |id| built_in.iter().position(|record| record.id == id);
    let (first, after) = match request.after.map(|id| (id, place(id))) {
        None => (0, None),
        Some((_, Some(place))) => (place + 1, None),
        Some((id, None)) => (built_in.len(), Some(id)),
    };
    let accepted = built_in.iter().skip(first).filter(|record| (request.filter)(record));
    let mut items: Vec<_> = accepted.take(request.max_items.saturating_add(1)).cloned().collect();
    if items.len() > request.max_items {
        items.truncate(request.max_items);
        return Ok(Page { items, more: true });
    }
    let max_items = request.max_items - items.len();
    let rest = list(engine, account, kind, PageRequest { after, max_items, ..request }).await?;
    items.extend(rest.items);
    Ok(Page { items, more: rest.more })
}
