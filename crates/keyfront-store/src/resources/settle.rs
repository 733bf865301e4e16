//! The end of a change, where it is a version of its own.

use keyfront_domain::arn::Arn;

use crate::records::ResourceRecord;
use crate::{StoreError, Transaction, keyspace};

/// Writes down that the last change of a resource has settled, if it has at `now_ms`, in milliseconds since the epoch, and
/// gives the record as it is then. What changes the resource next counts on from there.
///
/// # Errors
/// The record cannot be written.
pub fn settle(
    tx: &Transaction<'_>,
    arn: &Arn,
    record: ResourceRecord,
    now_ms: i64,
) -> Result<ResourceRecord, StoreError> {
    let version = record.version;
    let settled = record.settled_at(now_ms);
    if settled.version != version {
        tx.put(&keyspace::resource(arn), &settled)?;
    }
    Ok(settled)
}
