//! DeleteKey: deletes a pair that is there.

use keyfront_domain::pairs::Update;
use serde::Deserialize;

use super::write::{self, Written};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DeleteKey;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(rename = "KvsARN")]
    kvs_arn: String,
    key: String,
    if_match: String,
}

impl Operation for DeleteKey {
    const NAME: &'static str = "DeleteKey";
    const SUBJECT: Subject = Subject::Arn("KvsARN");
    type Input = Input;
    type Output = Written;

    async fn run(cx: &Context, _caller: &Caller, input: Input) -> Result<Written, ApiError> {
        let update = Update::new([], [input.key.as_str()], &cx.quotas);
        write::apply(cx, &input.kvs_arn, &input.if_match, update, Some(&input.key)).await
    }
}
