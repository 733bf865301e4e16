//! ListTagsForResource: the tags of a resource.

use keyfront_error::{Code, ServiceError};
use keyfront_store::tags;
use serde::{Deserialize, Serialize};

use super::document::{self, ResourceByArn, Tag, Tags};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct ListTagsForResource;

/// Nothing but the ARN, which is the subject.
#[derive(Deserialize)]
pub(super) struct Input {}

#[derive(Serialize)]
pub(super) struct Output {
    #[serde(rename = "Tags")]
    tags: Tags,
}

impl Operation for ListTagsForResource {
    const NAME: &'static str = "ListTagsForResource";
    type Subject = ResourceByArn;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchResource]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: ResourceByArn,
        _input: Input,
    ) -> Result<Output, ServiceError> {
        let resource = resource.tagged()?;
        let tags = tags::of(&*cx.engine, &resource).await?.ok_or_else(document::no_such_resource)?;
        let items = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
        Ok(Output { tags: Tags { items } })
    }
}
