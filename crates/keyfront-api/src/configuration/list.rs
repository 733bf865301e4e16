//! Listing the resources of the account, in the order of their creation.

use std::marker::PhantomData;

use keyfront_store::list::PageRequest;
use keyfront_store::resources;
use serde_json::json;

use super::{Members, Resource, document, text};
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The listing operation of a resource.
pub(crate) struct List<R>(PhantomData<R>);

impl<R: Resource> Operation for List<R> {
    const NAME: &'static str = R::NAMES.list;
    const SUBJECT: Subject = Subject::Account;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, input: Members) -> Result<Members, ApiError> {
        let max_items = page::max_items(text(&input, "MaxItems"))?;
        let marker = text(&input, "Marker").unwrap_or_default();
        let after = Some(marker).filter(|marker| !marker.is_empty());
        let request = PageRequest::new(after, max_items);
        let listed = resources::list(&*cx.engine, caller.account(), R::KIND, request).await;
        let listed = listed.map_err(page::aborted)?;
        let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.clone());
        let items = listed.items.into_iter().map(document::summary::<R>).collect();
        let page = Page::new(Some(marker.to_owned()), max_items, items, next_marker);
        Ok(Members::from_iter([(R::NAMES.page.to_owned(), json!(page))]))
    }
}
