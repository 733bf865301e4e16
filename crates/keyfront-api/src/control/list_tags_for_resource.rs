//! ListTagsForResource: the tags of a resource.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_store::{stores, tags};
use serde::{Deserialize, Serialize};

use super::tagging::{self, Tag, Tags};
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

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let Ok(store) = input.resource.parse::<KeyValueStoreArn>() else {
            return Err(tagging::no_such_resource());
        };
        if stores::find(&*cx.engine, &store).await?.is_none() {
            return Err(tagging::no_such_resource());
        }
        let tags = tags::get(&*cx.engine, caller.account(), &store.to_string()).await?;
        let items = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
        Ok(Output { tags: Tags { items } })
    }
}
