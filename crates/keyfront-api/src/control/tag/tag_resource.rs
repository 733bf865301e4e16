//! TagResource: adds tags to a resource; a tag that it has takes the new value.

use keyfront_error::{Code, ServiceError};
use keyfront_store::tags::{self, Refused};
use serde::Deserialize;

use super::document::{self, ResourceByArn, Tags};
use crate::context::{Caller, Context};
use crate::error;
use crate::operation::Operation;

pub(super) struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    tags: Tags,
}

impl Operation for TagResource {
    const NAME: &'static str = "TagResource";
    type Subject = ResourceByArn;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::InvalidTagging, Code::NoSuchResource]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: ResourceByArn,
        input: Input,
    ) -> Result<(), ServiceError> {
        let resource = resource.tagged()?;
        let added = input.tags.into_map(Code::InvalidTagging)?;
        let limit = cx.rules().quotas.tags_per_resource;
        let changed = tags::change(&*cx.engine, &resource, limit, |held| held.extend(added.clone())).await;
        changed.map_err(|abort| {
            error::aborted(abort, |refused| match refused {
                Refused::Absent => document::no_such_resource(),
                Refused::LimitReached => document::too_many(Code::InvalidTagging),
            })
        })
    }
}
