//! PublishConnectionFunction: copies a connection function from DEVELOPMENT to LIVE. What is LIVE already is not
//! published again.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::transact;
use serde::Deserialize;
use serde_json::{Value, json};

use super::document::{self, ConnectionFunctionById};
use crate::configuration::NOT_FOUND;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::Operation;

pub(super) struct PublishConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

impl Operation for PublishConnectionFunction {
    const NAME: &'static str = "PublishConnectionFunction";
    type Subject = ConnectionFunctionById;
    type Input = Input;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![NOT_FOUND.code(), Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        function: ConnectionFunctionById,
        input: Input,
    ) -> Result<Value, ServiceError> {
        let arn = &function.named();
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, arn)).await?;
        let published = transact(&*cx.engine, |tx| async move {
            let mut kept = document::matching(&tx, arn, if_match).await?;
            if kept.function.is_published() {
                return Err(if_match::stale());
            }
            kept.publish(cx.now_ms());
            document::store(&tx, cx, arn, &kept).await?;
            Ok(kept)
        });
        let summary = published.await?.summary(cx, arn, Stage::Live).await?;
        Ok(json!({ "ConnectionFunctionSummary": summary }))
    }
}
