//! Lists of the distributions that refer to a resource, by their ids.

use std::marker::PhantomData;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::references;
use serde::Serialize;

use super::page::{self, Page};
use crate::configuration::{self, Resource};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount, text};

/// A kind of resource by which distributions are listed.
pub(super) trait UsedByDistributions: Resource {
    /// The operation that lists them.
    const LIST_DISTRIBUTIONS: &'static str;
    /// The member of its input that holds the id.
    const LISTED_BY: &'static str;
}

/// The operation that lists the ids of the distributions that use a resource, in their own order.
pub(super) struct ListDistributionIdsBy<R>(PhantomData<R>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    distribution_id_list: Page<String>,
}

impl<R: UsedByDistributions> Operation for ListDistributionIdsBy<R> {
    const NAME: &'static str = R::LIST_DISTRIBUTIONS;
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![R::REFUSALS.absent.code()]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Output, ServiceError> {
        let request = Request::read(&input)?;
        let used = configuration::exists::<R>(cx, caller.account(), text(&input, R::LISTED_BY)).await?;
        Ok(Output { distribution_id_list: referring_to(cx, &used, request).await? })
    }
}

/// Which page is asked for.
pub(super) struct Request<'i> {
    marker: &'i str,
    max_items: usize,
}

impl Request<'_> {
    /// Reads `Marker` and `MaxItems`. The list is in the order of the ids, so it goes on after any id, also one that
    /// has left it.
    pub(super) fn read(input: &Members) -> Result<Request<'_>, ServiceError> {
        let max_items = page::max_items_of(input)?;
        let marker = text(input, "Marker");
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
    request: Request<'_>,
) -> Result<Page<String>, ServiceError> {
    let Request { marker, max_items } = request;
    let after = Some(marker).filter(|marker| !marker.is_empty());
    let kind = ResourceKind::DISTRIBUTION;
    let listed = references::referrers(&*cx.engine, target, kind, after, max_items).await?;
    let next_marker = listed.items.last().filter(|_| listed.more).cloned();
    Ok(Page::new(Some(marker.to_owned()), max_items, listed.items, next_marker))
}
