//! DescribeFunction: configuration and metadata of a stage, and its ETag.

use keyfront_domain::function::Stage;
use keyfront_store::functions;
use serde::Deserialize;

use super::document::{self, Described};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DescribeFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    #[serde(default)]
    stage: Stage,
}

impl Operation for DescribeFunction {
    const NAME: &'static str = "DescribeFunction";
    const SUBJECT: Subject = Subject::Function;
    type Input = Input;
    type Output = Described;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Described, ApiError> {
        let arn = document::named(caller, input.name);
        let record = functions::find(&*cx.engine, &arn).await?.ok_or_else(document::not_found)?;
        Described::of(caller.account(), record, input.stage)
    }
}
