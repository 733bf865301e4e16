//! PutResourcePolicy: gives a resource a policy, in place of the one that it has.

use keyfront_domain::resource_policy;
use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};
use serde::{Deserialize, Serialize};

use super::resource::{DOCUMENT, SharedResource};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::error;
use crate::operation::Operation;

pub(super) struct PutResourcePolicy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    policy_document: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    resource_arn: String,
}

impl Operation for PutResourcePolicy {
    const NAME: &'static str = "PutResourcePolicy";
    type Subject = SharedResource;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: SharedResource,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let (arn, document) = (&resource.shareable()?, &input.policy_document);
        resource_policy::check(document)?;
        let attached = transact(&*cx.engine, |tx| async move {
            resources::attach(&tx, arn, DOCUMENT, Some(document.clone().into())).await
        });
        attached.await.map_err(|abort| error::aborted(abort, |_absent| NOT_FOUND))?;
        Ok(Output { resource_arn: arn.to_string() })
    }
}
