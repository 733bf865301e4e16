//! DeleteConnectionFunction: deletes a connection function with both its stages, unless a distribution refers to it.

use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};
use serde::Deserialize;

use super::document::{self, ConnectionFunctionById};
use crate::configuration::{IN_USE, NOT_FOUND};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::Operation;

pub(super) struct DeleteConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

impl Operation for DeleteConnectionFunction {
    const NAME: &'static str = "DeleteConnectionFunction";
    type Subject = ConnectionFunctionById;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![IN_USE.code(), NOT_FOUND.code(), Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        function: ConnectionFunctionById,
        input: Input,
    ) -> Result<(), ServiceError> {
        let arn = &function.named();
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, arn)).await?;
        transact(&*cx.engine, |tx| async move {
            document::matching(&tx, arn, if_match).await?;
            resources::delete(&tx, arn, None, cx.now_ms()).await.map(drop).map_err(document::refused)
        })
        .await
    }
}
