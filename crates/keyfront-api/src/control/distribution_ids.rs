//! Lists of the distributions that refer to a resource, by their ids.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::ServiceError;
use keyfront_store::references;

use super::page::{self, Page};
use crate::context::Context;

/// Which page is asked for.
pub(super) struct Request {
    marker: String,
    max_items: usize,
}

impl Request {
    /// Reads `Marker` and `MaxItems`. The list is in the order of the ids, so it goes on after any id, also one that
    /// has left it.
    pub(super) fn read(marker: Option<String>, max_items: Option<&str>) -> Result<Request, ServiceError> {
        let max_items = page::max_items(max_items)?;
        let marker = marker.unwrap_or_default();
        if !marker.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            return Err(page::unknown_marker());
        }
        Ok(Request { marker, max_items })
    }
}

/// The page of distributions that refer to `target`.
pub(super) async fn referring_to(
    cx: &Context,
    target: &Arn,
    request: Request,
) -> Result<Page<String>, ServiceError> {
    let Request { marker, max_items } = request;
    let after = Some(marker.as_str()).filter(|marker| !marker.is_empty());
    let kind = ResourceKind::DISTRIBUTION;
    let listed = references::referrers(&*cx.engine, target, kind, after, max_items).await?;
    let next_marker = listed.items.last().filter(|_| listed.more).cloned();
    Ok(Page::new(Some(marker), max_items, listed.items, next_marker))
}
