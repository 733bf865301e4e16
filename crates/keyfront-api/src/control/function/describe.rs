//! DescribeFunction: configuration and metadata of a stage, and its ETag.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::document::{self, Described, FunctionByName};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct DescribeFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(default)]
    stage: Stage,
}

impl Operation for DescribeFunction {
    const NAME: &'static str = "DescribeFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Described;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchFunctionExists]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Described, ServiceError> {
        let arn = function.named();
        let record = document::find(cx, &arn).await?;
        Described::of(cx, caller.account(), record, input.stage).await
    }
}
