//! DeleteFunction: deletes a function with both its stages, unless a distribution refers to it.

use keyfront_error::{Code, ServiceError};
use keyfront_store::functions;
use serde::Deserialize;

use super::document::{self, FunctionByName};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error;
use crate::operation::Operation;

pub(super) struct DeleteFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

impl Operation for DeleteFunction {
    const NAME: &'static str = "DeleteFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::FunctionInUse, Code::NoSuchFunctionExists, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<(), ServiceError> {
        let arn = function.named();
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, &arn)).await?;
        let deleted = functions::delete(&*cx.engine, &arn, if_match).await;
        deleted.map_err(|abort| error::aborted(abort, |why| document::refused(&arn, why)))
    }
}
