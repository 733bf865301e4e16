//! Lists the resources of the account in the order of their creation, after those that every account has.

use std::marker::PhantomData;

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources;
use serde_json::Value;

use super::{Filter, PageForm, Resource, is_managed, moment, shown};
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
        listed::<R>(cx, caller.account(), &input, R::filter(&input)?).await
    }
}

/// The answer to a request for a [`page`], in the form that the kind's pages have.
pub(crate) async fn listed<R: Resource>(
    cx: &Context,
    account: AccountId,
    input: &Members,
    asked_for: Filter,
) -> Result<Members, ServiceError> {
    let page = page::<R>(cx, account, input, asked_for).await?;
    let name = R::NAMES.page.to_owned();
    match R::PAGE_FORM {
        PageForm::Counted => Ok(Members::from_iter([(name, page.into_value())])),
        PageForm::Bare => {
            let (items, next_marker) = page.into_parts();
            let next_marker = next_marker.map(|marker| ("NextMarker".to_owned(), marker.into()));
            Ok([(name, items.into())].into_iter().chain(next_marker).collect())
        }
    }
}

/// The page that a request asks for with `Marker`, `MaxItems` and `Type`, of the resources that a filter lets pass.
pub(crate) async fn page<R: Resource>(
    cx: &Context,
    account: AccountId,
    input: &Members,
    asked_for: Filter,
) -> Result<Page<Value>, ServiceError> {
    let max_items = page::max_items_of(input)?;
    let marker = text(input, "Marker");
    let kind = text(input, "Type");
    let filter = |record: &ResourceRecord| {
        let of_kind = match kind {
            "managed" => is_managed::<R>(&record.id),
            "custom" => !is_managed::<R>(&record.id),
            _both => true,
        };
        of_kind && asked_for(record)
    };
    let after = Some(marker).filter(|marker| !marker.is_empty());
    let request = PageRequest { filter: &filter, ..PageRequest::new(after, max_items) };
    let listed = resources::list_with_built_in(&*cx.engine, account, R::KIND, R::managed(), request).await;
    let listed = listed.map_err(page::aborted)?;
    let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.clone());
    let mut items = Vec::with_capacity(listed.items.len());
    for record in listed.items {
        let record = R::as_shown(cx, account, record).await?;
        let arn = Arn::new(account, R::KIND, record.id.as_str());
        items.push(shown::summary::<R>(account, record, moment(cx, &arn)));
    }
    Ok(Page::new(Some(marker.to_owned()), max_items, items, next_marker))
}
