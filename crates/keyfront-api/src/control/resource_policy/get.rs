//! GetResourcePolicy: the policy of a resource, to the letter.

use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::resource::{DOCUMENT, SharedResource};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct GetResourcePolicy;

/// Nothing but the ARN, which is the subject.
#[derive(Deserialize)]
pub(super) struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    resource_arn: String,
    policy_document: Value,
}

impl Operation for GetResourcePolicy {
    const NAME: &'static str = "GetResourcePolicy";
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
        _input: Input,
    ) -> Result<Output, ServiceError> {
        let arn = resource.shareable()?;
        let record = resources::find(&*cx.engine, &arn).await?;
        let policy = record.and_then(|mut record| record.attached.remove(DOCUMENT));
        Ok(Output { resource_arn: arn.to_string(), policy_document: policy.ok_or(NOT_FOUND)? })
    }
}
