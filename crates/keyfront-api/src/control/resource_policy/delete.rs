//! DeleteResourcePolicy: takes the policy from a resource that has one.

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};
use serde::Deserialize;

use super::resource::{DOCUMENT, SharedResource};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::error;
use crate::operation::Operation;

pub(super) struct DeleteResourcePolicy;

/// Nothing but the ARN, which is the subject.
#[derive(Deserialize)]
pub(super) struct Input {}

impl Operation for DeleteResourcePolicy {
    const NAME: &'static str = "DeleteResourcePolicy";
    type Subject = SharedResource;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: SharedResource,
        _input: Input,
    ) -> Result<(), ServiceError> {
        let arn = &resource.shareable()?;
        let detached =
            transact(&*cx.engine, |tx| async move { resources::attach(&tx, arn, DOCUMENT, None).await });
        let policy = detached.await.map_err(|abort| error::aborted(abort, |_absent| NOT_FOUND))?;
        policy.map(drop).ok_or(NOT_FOUND)
    }
}
