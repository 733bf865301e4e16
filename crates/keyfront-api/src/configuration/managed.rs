//! Resources that every account has and no account can change.

use std::collections::BTreeSet;

use keyfront_store::records::ResourceRecord;

use super::Resource;
use crate::operation::Members;

/// The time that managed policies show: 2020-08-01T00:00:00Z, about when the service began to have them.
const MANAGED_SINCE_MS: i64 = 1_596_240_000_000;

/// The record of a managed resource, which no store holds.
pub(crate) fn managed_record<R: Resource>(id: &str, config: Members) -> ResourceRecord {
    ResourceRecord {
        id: id.to_owned(),
        name: None,
        caller_reference: None,
        config,
        shown: Members::new(),
        state: None,
        references: BTreeSet::new(),
        domain_names: BTreeSet::new(),
        attached: Members::new(),
        created_ms: MANAGED_SINCE_MS,
        modified_ms: MANAGED_SINCE_MS,
        version: R::FIRST_VERSION,
    }
}

/// Whether an id is of a managed resource.
pub(crate) fn is_managed<R: Resource>(id: &str) -> bool {
    find::<R>(id).is_some()
}

/// The managed resource that has the id, if one has.
pub(super) fn find<R: Resource>(id: &str) -> Option<&'static ResourceRecord> {
    R::managed().iter().find(|managed| managed.id == id)
}
