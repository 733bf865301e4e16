//! Listing the resources of a kind in the order of their creation.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{ResourceArn, ResourceKind};

use crate::records::{DeletedRecord, ResourceRecord, decode};
use crate::{Engine, Range, StoreError, keyspace};

/// How often a list begins again because resources went in between.
const MORE_ATTEMPTS: usize = 3;

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The resources, and whether there are more after them.
    Resources(Vec<ResourceRecord>, bool),
    /// The account never had the resource to begin after.
    UnknownMarker,
}

/// Lists up to `max_items` resources of a kind, after the one with the id `after`, which may have been
/// deleted since.
pub async fn list(
    engine: &dyn Engine,
    account: AccountId,
    kind: ResourceKind,
    after: Option<&str>,
    max_items: usize,
) -> Result<Page, StoreError> {
    let prefix = keyspace::resource_creations(account, kind);
    let of = |id: &str| ResourceArn { account, kind, id: id.to_owned() };
    let mut first = Range::prefix(prefix.clone());
    if let Some(id) = after {
        let arn = of(id);
        let Some(created_ms) = created_ms(engine, &arn).await? else { return Ok(Page::UnknownMarker) };
        first = first.after(&keyspace::resource_creation(&arn, created_ms));
    }
    // One more than asked tells whether there is another page.
    let wanted = max_items.saturating_add(1);
    let mut resources = Vec::new();
    let mut range = first.clone();
    let mut more_attempts = MORE_ATTEMPTS;
    while resources.len() < wanted {
        let index = engine.read(&[range.clone().limit(wanted)]).await?;
        let places = index.range(0);
        let Some(last) = places.last() else { break };
        range = range.after(&last.key);
        let ids = places.iter().filter_map(|place| keyspace::created_resource_id(&place.key, &prefix));
        let keys: Vec<_> = ids.map(|id| Range::key(keyspace::resource(&of(id)))).collect();
        let records = engine.read(&keys).await?;
        // A restore may have put others in the place of all of them.
        if records.ranges.iter().any(Vec::is_empty) && more_attempts > 0 {
            more_attempts -= 1;
            resources.clear();
            range = first.clone();
            continue;
        }
        for entry in records.ranges.iter().flatten() {
            resources.push(decode("resource", &entry.value)?);
        }
    }
    let more = resources.len() > max_items;
    resources.truncate(max_items);
    Ok(Page::Resources(resources, more))
}

async fn created_ms(engine: &dyn Engine, arn: &ResourceArn) -> Result<Option<i64>, StoreError> {
    let ranges = [keyspace::resource(arn), keyspace::deleted_resource(arn)].map(Range::key);
    let snapshot = engine.read(&ranges).await?;
    if let Some(entry) = snapshot.one(0) {
        return Ok(Some(decode::<ResourceRecord>("resource", &entry.value)?.created_ms));
    }
    let deleted =
        snapshot.one(1).map(|entry| decode::<DeletedRecord>("deleted resource", &entry.value)).transpose()?;
    Ok(deleted.map(|record| record.created_ms))
}
