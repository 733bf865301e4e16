//! TagResource: adds tags to a resource; a tag that it has takes the new value.

use keyfront_store::tags::{self, Refused};
use serde::Deserialize;

use super::document::{self, Tags};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct TagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    resource: String,
    tags: Tags,
}

impl Operation for TagResource {
    const NAME: &'static str = "TagResource";
    const SUBJECT: Subject = Subject::Arn("Resource");
    type Input = Input;
    type Output = ();

    async fn run(cx: &Context, _caller: &Caller, input: Input) -> Result<(), ApiError> {
        let resource = document::resource(&input.resource)?;
        let added = input.tags.into_map("InvalidTagging")?;
        let limit = cx.quotas.tags_per_resource;
        let changed = tags::change(&*cx.engine, &resource, limit, |held| held.extend(added.clone())).await;
        changed.map_err(|abort| {
            ApiError::aborted(abort, |refused| match refused {
                Refused::Absent => document::no_such_resource(),
                Refused::LimitReached => document::too_many("InvalidTagging", limit),
            })
        })
    }
}
