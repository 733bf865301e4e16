//! ListTagsForResource: the tags of a resource.

use keyfront_store::tags;
use serde::{Deserialize, Serialize};

use super::document::{self, Tag, Tags};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct ListTagsForResource;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(rename = "Resource")]
    resource: String,
}

#[derive(Serialize)]
pub(super) struct Output {
    #[serde(rename = "Tags")]
    tags: Tags,
}

impl Operation for ListTagsForResource {
    const NAME: &'static str = "ListTagsForResource";
    const SUBJECT: Subject = Subject::Arn("Resource");
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, _caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let resource = document::resource(&input.resource)?;
        let tags = tags::of(&*cx.engine, &resource).await?.ok_or_else(document::no_such_resource)?;
        let items = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
        Ok(Output { tags: Tags { items } })
    }
}
