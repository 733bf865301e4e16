//! UpdateFunction: replaces configuration and code of a function in DEVELOPMENT; what is LIVE stays as it is.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{self, Described, FunctionByName};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error;
use crate::operation::Operation;

pub(super) struct UpdateFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
    function_config: Map<String, Value>,
    function_code: String,
}

impl Operation for UpdateFunction {
    const NAME: &'static str = "UpdateFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Described;

    fn errors() -> Vec<Code> {
        vec![Code::FunctionSizeLimitExceeded, Code::NoSuchFunctionExists, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Described, ServiceError> {
        let (account, arn) = (caller.account(), function.named());
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, &arn)).await?;
        // A client that updates with the ETag of a deleted function must hear that it was deleted, whatever it sends.
        let held = document::find(cx, &arn).await?;
        if document::etag_of(&held, Stage::Development).as_deref() != Some(if_match) {
            return Err(if_match::stale());
        }
        let draft =
            document::draft(input.function_config, &input.function_code, account, &cx.rules().quotas)?;
        let updated = functions::update(&*cx.engine, &arn, if_match, &draft, cx.now_ms()).await;
        let record = updated.map_err(|abort| error::aborted(abort, |why| document::refused(&arn, why)))?;
        Described::of(cx, account, record, Stage::Development).await
    }
}
