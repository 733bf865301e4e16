//! UpdateKeys: puts and deletes several pairs, all or nothing.

use keyfront_domain::pairs::Update;
use serde::Deserialize;

use super::write::{self, Written};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct UpdateKeys;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    #[serde(rename = "KvsARN")]
    kvs_arn: String,
    if_match: String,
    #[serde(default)]
    puts: Vec<Put>,
    #[serde(default)]
    deletes: Vec<Delete>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    key: String,
}

impl Operation for UpdateKeys {
    const NAME: &'static str = "UpdateKeys";
    const SUBJECT: Subject = Subject::Arn("KvsARN");
    type Input = Input;
    type Output = Written;

    async fn run(cx: &Context, _caller: &Caller, input: Input) -> Result<Written, ApiError> {
        let puts = input.puts.iter().map(|put| (put.key.as_str(), put.value.as_str()));
        let deletes = input.deletes.iter().map(|delete| delete.key.as_str());
        let update = Update::new(puts, deletes, &cx.quotas);
        write::apply(cx, &input.kvs_arn, &input.if_match, update, None).await
    }
}
