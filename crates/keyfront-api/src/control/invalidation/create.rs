//! CreateInvalidation: asks the edges to forget objects of a distribution.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::batch::InvalidationBatch;
use super::verbs;
use crate::context::{Caller, Context};
use crate::control::distribution::OfDistribution;
use crate::operation::{Members, Operation};

pub(super) struct CreateInvalidation;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    invalidation_batch: InvalidationBatch,
}

impl Operation for CreateInvalidation {
    const NAME: &'static str = "CreateInvalidation";
    const SETTLES: bool = true;
    type Subject = OfDistribution;
    type Input = Input;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution, Code::InconsistentQuantities, Code::TooManyInvalidationsInProgress]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        distribution: OfDistribution,
        input: Input,
    ) -> Result<Members, ServiceError> {
        verbs::create(cx, Self::NAME, &super::owner(distribution), input.invalidation_batch).await
    }
}
