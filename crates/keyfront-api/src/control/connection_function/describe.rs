//! DescribeConnectionFunction: configuration and metadata of a stage, and its ETag.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::Value;

use super::document::{self, ConnectionFunctionById};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct DescribeConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(default)]
    stage: Stage,
}

impl Operation for DescribeConnectionFunction {
    const NAME: &'static str = "DescribeConnectionFunction";
    type Subject = ConnectionFunctionById;
    type Input = Input;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code()]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        function: ConnectionFunctionById,
        input: Input,
    ) -> Result<Value, ServiceError> {
        let arn = function.named();
        document::find(cx, &arn).await?.described(cx, &arn, input.stage).await
    }
}
