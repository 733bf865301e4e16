//! ListDistributionsByKeyGroup: the ids of the distributions that trust a key group, in their own order.

use keyfront_domain::arn::{ResourceArn, ResourceKind};
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
        let group = ResourceArn { account, kind: KeyGroup::KIND, id: input.key_group_id };
        if resources::find(&*cx.engine, &group).await?.is_none() {
            return Err(KeyGroup::REFUSALS.absent.into());
        }
        let referrers = references::referrers(&*cx.engine, account, &group.to_string(), usize::MAX).await?;
        let distributions =
            ResourceArn { account, kind: ResourceKind::DISTRIBUTION, id: String::new() }.to_string();
        let ids = referrers.iter().filter_map(|arn| arn.strip_prefix(&distributions));
        let mut ids: Vec<String> = ids.filter(|id| *id > marker.as_str()).map(str::to_owned).collect();
        let more = ids.len() > max_items;
        ids.truncate(max_items);
        let next_marker = ids.last().filter(|_| more).cloned();
        Ok(Output { distribution_id_list: Page::new(Some(marker), max_items, ids, next_marker) })
    }
}
