//! ListDistributionsByOwnedResource: the distributions that use a resource, with the accounts that own them. Nothing is
//! shared between accounts here, so that is the resource's own.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde::Serialize;

use super::resource::SharedResource;
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::distribution_ids;
use crate::control::page::Page;
use crate::operation::{Members, Operation};

pub(super) struct ListDistributionsByOwnedResource;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    distribution_list: Page<DistributionIdOwner>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DistributionIdOwner {
    distribution_id: String,
    owner_account_id: String,
}

impl Operation for ListDistributionsByOwnedResource {
    const NAME: &'static str = "ListDistributionsByOwnedResource";
    type Subject = SharedResource;
    type Input = Members;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: SharedResource,
        input: Members,
    ) -> Result<Output, ServiceError> {
        let request = distribution_ids::Request::read(&input)?;
        let arn = resource.shareable()?;
        resources::find(&*cx.engine, &arn).await?.ok_or(NOT_FOUND)?;
        let owner = |distribution_id: String| DistributionIdOwner {
            distribution_id,
            owner_account_id: arn.account.to_string(),
        };
        let page = distribution_ids::referring_to(cx, &arn, request).await?;
        Ok(Output { distribution_list: page.map(owner) })
    }
}
