//! ListDistributionsByKeyGroup: the ids of the distributions that trust a key group, in their own order.

use keyfront_error::{Code, ServiceError};
use serde::{Deserialize, Serialize};

use super::description::KeyGroup;
use crate::configuration;
use crate::context::{Caller, Context};
use crate::control::distribution_ids;
use crate::control::page::Page;
use crate::operation::{Operation, WholeAccount};

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
    type Subject = WholeAccount;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchResource]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let request = distribution_ids::Request::read(input.marker, input.max_items.as_deref())?;
        let group = configuration::exists::<KeyGroup>(cx, caller.account(), &input.key_group_id).await?;
        Ok(Output { distribution_id_list: distribution_ids::referring_to(cx, &group, request).await? })
    }
}
