//! PublishFunction: copies a function from DEVELOPMENT to LIVE. What is LIVE already is not published again.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions;
use serde::{Deserialize, Serialize};

use super::document::{self, FunctionByName, FunctionSummary};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error;
use crate::operation::Operation;

pub(super) struct PublishFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    function_summary: FunctionSummary,
}

impl Operation for PublishFunction {
    const NAME: &'static str = "PublishFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchFunctionExists, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let (account, arn) = (caller.account(), function.named());
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, &arn)).await?;
        let published = functions::publish(&*cx.engine, &arn, if_match, cx.now_ms()).await;
        let record = published.map_err(|abort| error::aborted(abort, |why| document::refused(&arn, why)))?;
        Ok(Output { function_summary: FunctionSummary::of(cx, account, record, Stage::Live).await? })
    }
}
