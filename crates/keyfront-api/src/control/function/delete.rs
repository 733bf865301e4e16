//! DeleteFunction: deletes a function with both its stages, unless a distribution refers to it.

use keyfront_store::functions;
use serde::Deserialize;

use super::document;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DeleteFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    if_match: Option<String>,
}

impl Operation for DeleteFunction {
    const NAME: &'static str = "DeleteFunction";
    const SUBJECT: Subject = Subject::Function;
    type Input = Input;
    type Output = ();

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<(), ApiError> {
        let arn = document::named(caller, input.name);
        let if_match = if_match::given(input.if_match.as_deref())?;
        let deleted = functions::delete(&*cx.engine, &arn, if_match).await;
        deleted.map_err(|abort| ApiError::aborted(abort, |why| document::refused(&arn, why)))
    }
}
