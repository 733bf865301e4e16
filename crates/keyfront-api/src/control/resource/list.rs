//! Listing the resources of the account, in the order of their creation.

use std::marker::PhantomData;

use keyfront_store::resources::{self, Page};
use serde_json::{Map, Value, json};

use super::{Members, Resource, document, text};
use crate::context::{Caller, Context};
use crate::control::paging;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

/// The listing operation of a resource.
pub(in crate::control) struct List<R>(PhantomData<R>);

impl<R: Resource> Operation for List<R> {
    const NAME: &'static str = R::NAMES.list;
    const SUBJECT: Subject = Subject::Account;
    type Input = Members;
    type Output = Members;

    async fn run(cx: &Context, caller: &Caller, input: Members) -> Result<Members, ApiError> {
        let max_items = paging::max_items(text(&input, "MaxItems"))?;
        let after = text(&input, "Marker").filter(|marker| !marker.is_empty());
        let page = resources::list(&*cx.engine, caller.account(), R::KIND, after, max_items).await?;
        let Page::Resources(records, more) = page else { return Err(paging::unknown_marker()) };
        let mut list = Map::new();
        if let Some(last) = records.last().filter(|_| more) {
            list.insert("NextMarker".to_owned(), last.id.clone().into());
        }
        list.insert("MaxItems".to_owned(), json!(max_items));
        list.insert("Quantity".to_owned(), json!(records.len()));
        // Left out when there is none, as the service does in its lists.
        if !records.is_empty() {
            let items = records.into_iter().map(document::summary::<R>).collect();
            list.insert("Items".to_owned(), Value::Array(items));
        }
        Ok(Map::from_iter([(R::NAMES.page.to_owned(), Value::Object(list))]))
    }
}
