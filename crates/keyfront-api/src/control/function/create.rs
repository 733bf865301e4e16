//! CreateFunction: makes a function, in the stage DEVELOPMENT. Its code is accepted whatever it says.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions::{self, NewFunction, Refused};
use keyfront_store::records::TagsRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{self, Described, FunctionByName};
use crate::context::{Caller, Context};
use crate::control::tag::Tags;
use crate::error;
use crate::operation::Operation;

pub(super) struct CreateFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    function_config: Map<String, Value>,
    function_code: String,
    #[serde(default)]
    tags: Tags,
}

#[derive(Serialize)]
pub(super) struct Output {
    #[serde(flatten)]
    described: Described,
    #[serde(rename = "Location")]
    location: String,
}

impl Operation for CreateFunction {
    const NAME: &'static str = "CreateFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![
            Code::FunctionAlreadyExists,
            Code::FunctionSizeLimitExceeded,
            Code::InvalidTagging,
            Code::TooManyFunctions,
        ]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let account = caller.account();
        let arn = function.named();
        // The order of the service (captures of 2026-10 in MiniStack's tests): the name, the tags, the code.
        if functions::find(&*cx.engine, &arn).await?.is_some() {
            return Err(document::refused(&arn, Refused::NameTaken));
        }
        let tags = input.tags.at_creation(Code::InvalidTagging, cx.rules().quotas.tags_per_resource)?;
        let draft =
            document::draft(input.function_config, &input.function_code, account, &cx.rules().quotas)?;
        let new = NewFunction { draft, tags: TagsRecord { tags }, now_ms: cx.now_ms() };
        let created =
            functions::create(&*cx.engine, &arn, &new, cx.rules().quotas.functions_per_account).await;
        let record = created.map_err(|abort| error::aborted(abort, |why| document::refused(&arn, why)))?;
        Ok(Output {
            described: Described::of(cx, account, record, Stage::Development).await?,
            location: format!("https://cloudfront.amazonaws.com/2020-05-31/function/{arn}"),
        })
    }
}
