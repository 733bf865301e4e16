//! GetConnectionFunction: the code of a stage, to the byte, and its ETag.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::document::{self, ConnectionFunctionById};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct GetConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(default)]
    stage: Stage,
}

impl Operation for GetConnectionFunction {
    const NAME: &'static str = "GetConnectionFunction";
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
        let kept = document::find(cx, &function.named()).await?;
        Ok(json!({
            "ConnectionFunctionCode": kept.code(input.stage)?,
            "ETag": kept.etag(input.stage)?,
            "ContentType": "application/octet-stream",
        }))
    }
}
