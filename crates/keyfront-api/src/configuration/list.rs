//! Lists the resources of the account in the order of their creation, after those that every account has.

use std::marker::PhantomData;

use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources;
use serde_json::json;

use super::{Resource, managed, shown};
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::operation::{Members, Operation, WholeAccount, text};

/// The listing operation of a resource.
pub(crate) struct List<R>(PhantomData<R>);

impl<R: Resource> Operation for List<R> {
    const NAME: &'static str = R::NAMES.list;
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let max_items = page::max_items(Some(text(&input, "MaxItems")))?;
        let marker = text(&input, "Marker");
        let kind = text(&input, "Type");
        let filter = |record: &ResourceRecord| match kind {
            "managed" => managed::<R>(&record.id).is_some(),
            "custom" => managed::<R>(&record.id).is_none(),
            _both => true,
        };
        let after = Some(marker).filter(|marker| !marker.is_empty());
        let request = PageRequest { filter: &filter, ..PageRequest::new(after, max_items) };
        let (account, managed) = (caller.account(), R::managed());
        let listed = resources::list_with_built_in(&*cx.engine, account, R::KIND, managed, request).await;
        let listed = listed.map_err(page::aborted)?;
        let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.clone());
        let items = listed.items.into_iter().map(|record| shown::summary::<R>(record, cx.now_ms())).collect();
        let page = Page::new(Some(marker.to_owned()), max_items, items, next_marker);
        Ok(Members::from_iter([(R::NAMES.page.to_owned(), json!(page))]))
    }
}
