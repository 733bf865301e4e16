//! CreateFunction: makes a function, in the stage DEVELOPMENT. Its code is accepted whatever it says.

use keyfront_domain::function::Stage;
use keyfront_store::functions::{self, NewFunction};
use keyfront_store::records::TagsRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{self, Described};
use crate::context::{Caller, Context};
use crate::control::tag::{self, Tags};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct CreateFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    function_config: Map<String, Value>,
    function_code: String,
    #[serde(default)]
    tags: Tags,
}

#[derive(Serialize)]
pub(super) struct Output {
    #[serde(flatten)]
    described: Described,
    #[serde(rename = "Location")]
    location: String,
}

impl Operation for CreateFunction {
    const NAME: &'static str = "CreateFunction";
    const SUBJECT: Subject = Subject::Function;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let account = caller.account();
        let draft = document::draft(input.function_config, &input.function_code, account, &cx.quotas)?;
        let tags = input.tags.into_map("InvalidArgument")?;
        if u64::try_from(tags.len()).unwrap_or(u64::MAX) > cx.quotas.tags_per_resource {
            return Err(tag::too_many("InvalidArgument", cx.quotas.tags_per_resource));
        }
        let arn = document::named(caller, input.name);
        let new = NewFunction { draft, tags: TagsRecord { tags }, now_ms: cx.now_ms() };
        let created = functions::create(&*cx.engine, &arn, &new, cx.quotas.functions_per_account).await;
        let record = created.map_err(|abort| ApiError::aborted(abort, |why| document::refused(&arn, why)))?;
        Ok(Output {
            described: Described::of(account, record, Stage::Development)?,
            location: format!("https://cloudfront.amazonaws.com/2020-05-31/function/{arn}"),
        })
    }
}
