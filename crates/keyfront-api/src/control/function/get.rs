//! GetFunction: the code of a stage, to the byte, and its ETag.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::function::Stage;
use keyfront_store::functions;
use serde::{Deserialize, Serialize};

use super::document;
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct GetFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
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
    const SUBJECT: Subject = Subject::Function;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let arn = document::named(caller, input.name);
        let found = functions::find_code(&*cx.engine, &arn, input.stage).await?;
        let (record, code) = found.ok_or_else(document::not_found)?;
        Ok(Output {
            function_code: STANDARD.encode(code),
            etag: document::etag_of(&record, input.stage).ok_or_else(document::not_found)?,
            content_type: "application/octet-stream",
        })
    }
}
