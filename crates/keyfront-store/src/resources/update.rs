//! Replacing a resource's configuration.

use keyfront_domain::arn::ResourceArn;
use keyfront_domain::etag;

use super::hold::{self, Refused};
use super::{Content, first_version, held};
use crate::records::{ResourceRecord, encode};
use crate::{Batch, Engine, Outcome, StoreError, Version, keyspace};

/// What became of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// It was made.
    Updated(ResourceRecord),
    /// There is no such resource.
    Absent,
    /// `if_match` is not the ETag of the resource.
    Stale,
    /// Its entry is not the one that was read, though its ETag is: a restore was made in between. Whatever
    /// was decided on what was read is to be decided again.
    Overtaken,
    /// It cannot have its new name, caller reference or references.
    Refused(Refused),
}

/// Replaces the whole configuration of a resource whose ETag is `if_match`, and whose entry is still the one
/// of the version `read`, which the change was checked against.
pub async fn update(
    engine: &dyn Engine,
    arn: &ResourceArn,
    if_match: &str,
    read: Version,
    content: &Content,
    now_ms: i64,
) -> Result<Update, StoreError> {
    loop {
        let Some((held, version)) = held(engine, arn).await? else { return Ok(Update::Absent) };
        if etag::control_plane(held.version) != if_match {
            return Ok(Update::Stale);
        }
        if version != read {
            return Ok(Update::Overtaken);
        }
        let record = ResourceRecord {
            created_ms: held.created_ms,
            version: held.version + 1,
            ..first_version(arn, content, now_ms)
        };
        let key = keyspace::resource(arn);
        let batch = Batch::default().check(key.clone(), version).put(key, encode(&record)?);
        let batch = match hold::change(engine, arn, Some(&held), content, batch).await? {
            Ok(batch) => batch,
            Err(refused) => return Ok(Update::Refused(refused)),
        };
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Update::Updated(record));
        }
    }
}
