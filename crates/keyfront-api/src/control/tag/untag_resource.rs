//! UntagResource: removes tags from a resource; a tag that it does not have is no error.

use keyfront_store::tags::{self, Refused};
use serde::Deserialize;

use super::document;
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    resource: String,
    tag_keys: TagKeys,
}

#[derive(Deserialize)]
struct TagKeys {
    #[serde(rename = "Items", default)]
    items: Vec<String>,
}

impl Operation for UntagResource {
    const NAME: &'static str = "UntagResource";
    const SUBJECT: Subject = Subject::Arn("Resource");
    type Input = Input;
    type Output = ();

    async fn run(cx: &Context, _caller: &Caller, input: Input) -> Result<(), ApiError> {
        let resource = document::resource(&input.resource)?;
        let removed = &input.tag_keys.items;
        let changed = tags::change(&*cx.engine, &resource, u64::MAX, |held| {
            held.retain(|key, _| !removed.contains(key));
        });
        changed.await.map_err(|abort| {
            ApiError::aborted(abort, |refused| match refused {
                Refused::Absent | Refused::LimitReached => document::no_such_resource(),
            })
        })
    }
}
