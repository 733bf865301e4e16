//! GetFunction: the code of a stage, to the byte, and its ETag.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions;
use serde::{Deserialize, Serialize};

use super::document::{self, FunctionByName};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct GetFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(default)]
    stage: Stage,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    function_code: String,
    #[serde(rename = "ETag")]
    etag: String,
    content_type: &'static str,
}

impl Operation for GetFunction {
    const NAME: &'static str = "GetFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchFunctionExists]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let arn = function.named();
        let found = functions::find_code(&*cx.engine, &arn, input.stage).await?;
        let (record, code) = found.ok_or_else(document::not_found)?;
        Ok(Output {
            function_code: STANDARD.encode(code),
            etag: document::etag_of(&record, input.stage).ok_or_else(document::not_found)?,
            content_type: "application/octet-stream",
        })
    }
}
