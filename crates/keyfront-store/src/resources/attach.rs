//! Documents that belong to a resource and have neither an id nor a version of their own.

use keyfront_domain::arn::Arn;
use serde_json::Value;

use super::{Refused, change};
use crate::{Abort, Transaction, keyspace};

/// Attaches a document to a resource under its name in the model, or takes it off, and gives what was there. The version
/// of the resource stays.
///
/// # Errors
/// [`Refused::Absent`].
pub async fn attach(
    tx: &Transaction<'_>,
    arn: &Arn,
    name: &str,
    document: Option<Value>,
) -> Result<Option<Value>, Abort<Refused>> {
    let mut record = change::matching(tx, arn, None).await?;
    let before = match document {
        Some(document) => record.attached.insert(name.to_owned(), document),
        None => record.attached.remove(name),
    };
    tx.put(&keyspace::resource(arn), &record)?;
    Ok(before)
}
