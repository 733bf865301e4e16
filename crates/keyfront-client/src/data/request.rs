//! The lists of an `UpdateKeys` request.

use aws_sdk_cloudfrontkeyvaluestore::types::{DeleteKeyRequestListItem, PutKeyRequestListItem};

use crate::error::{ClientError, ErrorKind};

/// Pairs to put, left out when there are none.
pub(super) fn put_list(puts: &[(&str, &str)]) -> Result<Option<Vec<PutKeyRequestListItem>>, ClientError> {
    let items =
        puts.iter().map(|(key, value)| PutKeyRequestListItem::builder().key(*key).value(*value).build());
    let items: Result<Vec<_>, _> = items.collect();
    listed(items)
}

/// Keys to delete, left out when there are none.
pub(super) fn delete_list(deletes: &[&str]) -> Result<Option<Vec<DeleteKeyRequestListItem>>, ClientError> {
    let items: Result<Vec<_>, _> =
        deletes.iter().map(|key| DeleteKeyRequestListItem::builder().key(*key).build()).collect();
    listed(items)
}

/// A list for a request, left out when it is empty.
fn listed<T>(items: Result<Vec<T>, impl std::error::Error>) -> Result<Option<Vec<T>>, ClientError> {
    let items = items.map_err(|error| ClientError::new(ErrorKind::Refused, error.to_string()))?;
    Ok((!items.is_empty()).then_some(items))
}
