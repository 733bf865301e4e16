//! ListDistributionsByCachePolicyId: the ids of the distributions that use a cache policy, in their own order.

use keyfront_error::{Code, ServiceError};
use serde::{Deserialize, Serialize};

use super::description::CachePolicy;
use crate::configuration::{self, Resource};
use crate::context::{Caller, Context};
use crate::control::distribution_ids;
use crate::control::page::Page;
use crate::operation::{Operation, WholeAccount};

pub(super) struct ListDistributionsByCachePolicyId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    cache_policy_id: String,
    marker: Option<String>,
    max_items: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    distribution_id_list: Page<String>,
}

impl Operation for ListDistributionsByCachePolicyId {
    const NAME: &'static str = "ListDistributionsByCachePolicyId";
    type Subject = WholeAccount;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![CachePolicy::REFUSALS.absent.code()]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let request = distribution_ids::Request::read(input.marker, input.max_items.as_deref())?;
        let policy =
            configuration::exists::<CachePolicy>(cx, caller.account(), &input.cache_policy_id).await?;
        Ok(Output { distribution_id_list: distribution_ids::referring_to(cx, &policy, request).await? })
    }
}
