//! What a distribution shows that follows from other records: whose signatures it trusts, and the invalidations that are
//! in progress.

use std::collections::BTreeMap;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use keyfront_store::{invalidations, resources};
use serde_json::json;

use super::document;
use crate::context::Context;
use crate::faults;
use crate::operation::Members;

/// The members, as they are now.
pub(super) async fn related(
    cx: &Context,
    arn: &Arn,
    record: &ResourceRecord,
) -> Result<Members, ServiceError> {
    let config = document::view(record)?;
    let is_held = |id: &str| cx.faults.holds(&faults::invalidation(arn, id));
    let in_progress = invalidations::in_progress(&*cx.engine, arn, cx.now_ms(), is_held).await?;
    let mut keys = BTreeMap::new();
    for id in config.trusted_key_groups() {
        let group = Arn::new(arn.account, ResourceKind::KEY_GROUP, id);
        let record = resources::find(&*cx.engine, &group).await?;
        let items = record.and_then(|record| record.config.get("Items")?.as_array().cloned());
        let ids = items.into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned));
        keys.insert(id, ids.collect::<Vec<_>>());
    }
    let keys = |group: &str| keys.get(group).cloned().unwrap_or_default();
    Ok([
        ("InProgressInvalidationBatches", json!(in_progress)),
        ("ActiveTrustedSigners", config.active_trusted_signers(arn.account)),
        ("ActiveTrustedKeyGroups", config.active_trusted_key_groups(keys)),
    ]
    .map(|(member, value)| (member.to_owned(), value))
    .into_iter()
    .collect())
}
