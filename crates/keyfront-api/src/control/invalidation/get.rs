//! GetInvalidation: shows an invalidation of a distribution.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::verbs;
use crate::context::{Caller, Context};
use crate::control::distribution::OfDistribution;
use crate::operation::{Members, Operation};

pub(super) struct GetInvalidation;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    id: String,
}

impl Operation for GetInvalidation {
    const NAME: &'static str = "GetInvalidation";
    type Subject = OfDistribution;
    type Input = Input;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution, Code::NoSuchInvalidation]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        distribution: OfDistribution,
        input: Input,
    ) -> Result<Members, ServiceError> {
        verbs::get(cx, &super::owner(distribution), &input.id).await
    }
}
