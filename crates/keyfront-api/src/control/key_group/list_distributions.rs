//! ListDistributionsByKeyGroup: the ids of the distributions that trust a key group, in their own order.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_store::{references, resources};
use serde::{Deserialize, Serialize};

use super::description::KeyGroup;
use crate::configuration::Resource;
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct ListDistributionsByKeyGroup;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    key_group_id: String,
    marker: Option<String>,
    max_items: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    distribution_id_list: Page<String>,
}

impl Operation for ListDistributionsByKeyGroup {
    const NAME: &'static str = "ListDistributionsByKeyGroup";
    const SUBJECT: Subject = Subject::Account;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let max_items = page::max_items(input.max_items.as_deref())?;
        let marker = input.marker.unwrap_or_default();
        // The list is in the order of the ids, so it goes on after any id, also one that has left it.
        if !marker.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            return Err(page::unknown_marker());
        }
        let account = caller.account();
        let group = Arn::new(account, KeyGroup::KIND, input.key_group_id);
        if resources::find(&*cx.engine, &group).await?.is_none() {
            return Err(KeyGroup::REFUSALS.absent.into());
        }
        let after = Some(marker.as_str()).filter(|marker| !marker.is_empty());
        let kind = ResourceKind::DISTRIBUTION;
        let listed = references::referrers(&*cx.engine, &group, kind, after, max_items).await?;
        let next_marker = listed.items.last().filter(|_| listed.more).cloned();
        Ok(Output { distribution_id_list: Page::new(Some(marker), max_items, listed.items, next_marker) })
    }
}
