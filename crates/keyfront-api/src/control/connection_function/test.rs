//! TestConnectionFunction: runs a stage of a connection function once, on a connection that the request brings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::function::{Runtime, Stage};
use keyfront_error::{Code, ServiceError};
use keyfront_functions::Invocation;
use keyfront_functions::event::InvalidEvent;
use serde::Deserialize;
use serde_json::{Value, json};

use super::connection;
use super::document::{self, ConnectionFunctionById};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::function::associated_pairs;
use crate::control::if_match;
use crate::operation::Operation;
use crate::pipeline::refusals;

pub(super) struct TestConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
    #[serde(default)]
    stage: Stage,
    connection_object: String,
}

impl Operation for TestConnectionFunction {
    const NAME: &'static str = "TestConnectionFunction";
    type Subject = ConnectionFunctionById;
    type Input = Input;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::PreconditionFailed, Code::TestFunctionFailed]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: ConnectionFunctionById,
        input: Input,
    ) -> Result<Value, ServiceError> {
        let (account, arn, stage) = (caller.account(), function.named(), input.stage);
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, &arn)).await?;
        let kept = document::find(cx, &arn).await?;
        if kept.etag(stage)? != if_match {
            return Err(if_match::stale());
        }
        let decode = |text: &str| STANDARD.decode(text).map_err(ServiceError::internal);
        let Some(event) = connection::event(&decode(&input.connection_object)?) else {
            return Err(ServiceError::with(Code::TestFunctionFailed, InvalidEvent::MESSAGE));
        };
        let store = associated_pairs(cx, account, kept.stage(stage)?.store).await?;
        let (seed, _) = cx.ids.uuid().as_u64_pair();
        let code = connection::runnable(&decode(kept.code(stage)?)?);
        let prepared = cx.view.functions.prepare(code, Runtime::Js2).await.map_err(ServiceError::internal)?;
        let invocation = Invocation { event, store, now_ms: cx.now_ms(), seed };
        let outcome = cx.functions.invoke(account, &prepared, invocation).await;
        let outcome = outcome.map_err(|_overloaded| refusals::throttled())?;
        let (output, error_message) = connection::decision(outcome.result);
        Ok(json!({ "ConnectionFunctionTestResult": {
            "ConnectionFunctionSummary": kept.summary(cx, &arn, stage).await?,
            "ComputeUtilization": outcome.used.share.to_string(),
            "ConnectionFunctionExecutionLogs": outcome.logs,
            "ConnectionFunctionErrorMessage": error_message,
            "ConnectionFunctionOutput": output,
        } }))
    }
}
