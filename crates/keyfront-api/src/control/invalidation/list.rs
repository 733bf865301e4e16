//! ListInvalidations: lists the invalidations of a distribution, the newest first.

use keyfront_error::{Code, ServiceError};

use super::verbs;
use crate::context::{Caller, Context};
use crate::control::distribution::OfDistribution;
use crate::operation::{Members, Operation};

pub(super) struct ListInvalidations;

impl Operation for ListInvalidations {
    const NAME: &'static str = "ListInvalidations";
    type Subject = OfDistribution;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchDistribution]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        distribution: OfDistribution,
        input: Members,
    ) -> Result<Members, ServiceError> {
        verbs::list(cx, &super::owner(distribution), &input).await
    }
}
