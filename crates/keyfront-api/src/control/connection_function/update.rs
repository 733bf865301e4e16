//! UpdateConnectionFunction: replaces configuration and code in DEVELOPMENT; what is LIVE stays as it is.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::transact;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{self, ConnectionFunctionById, Draft};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::Operation;

pub(super) struct UpdateConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
    connection_function_config: Map<String, Value>,
    connection_function_code: String,
}

impl Operation for UpdateConnectionFunction {
    const NAME: &'static str = "UpdateConnectionFunction";
    type Subject = ConnectionFunctionById;
    type Input = Input;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::EntitySizeLimitExceeded, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: ConnectionFunctionById,
        input: Input,
    ) -> Result<Value, ServiceError> {
        let arn = &function.named();
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, arn)).await?;
        // A client that updates with the ETag of a deleted function must hear that it was deleted, whatever it sends.
        transact(&*cx.engine, |tx| async move { document::matching(&tx, arn, if_match).await }).await?;
        let code = input.connection_function_code;
        let draft = &Draft::new(cx, caller.account(), input.connection_function_config, code).await?;
        let updated = transact(&*cx.engine, |tx| async move {
            let mut kept = document::matching(&tx, arn, if_match).await?;
            kept.update(draft, cx.now_ms());
            document::store(&tx, cx, arn, &kept).await?;
            Ok::<_, ServiceError>(kept)
        });
        updated.await?.described(cx, arn, Stage::Development).await
    }
}
