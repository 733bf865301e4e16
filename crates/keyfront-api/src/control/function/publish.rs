//! PublishFunction: copies a function from DEVELOPMENT to LIVE. What is LIVE already is not published again.

use keyfront_domain::function::Stage;
use keyfront_store::functions;
use serde::{Deserialize, Serialize};

use super::document::{self, FunctionSummary};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct PublishFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    if_match: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    function_summary: FunctionSummary,
}

impl Operation for PublishFunction {
    const NAME: &'static str = "PublishFunction";
    const SUBJECT: Subject = Subject::Function;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let (account, arn) = (caller.account(), document::named(caller, input.name));
        let if_match = if_match::given(input.if_match.as_deref())?;
        let published = functions::publish(&*cx.engine, &arn, if_match, cx.now_ms()).await;
        let record =
            published.map_err(|abort| ApiError::aborted(abort, |why| document::refused(&arn, why)))?;
        let summary = FunctionSummary::of(account, record, Stage::Live);
        Ok(Output { function_summary: summary.ok_or_else(document::not_found)? })
    }
}
