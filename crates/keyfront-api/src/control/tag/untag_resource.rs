//! UntagResource: removes tags from a resource; a tag that it does not have is ignored.

use keyfront_error::{Code, ServiceError};
use keyfront_store::tags::{self, Refused};
use serde::Deserialize;

use super::document::{self, ResourceByArn};
use crate::context::{Caller, Context};
use crate::error;
use crate::operation::Operation;

pub(super) struct UntagResource;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    tag_keys: TagKeys,
}

#[derive(Deserialize)]
struct TagKeys {
    #[serde(rename = "Items", default)]
    items: Vec<String>,
}

impl Operation for UntagResource {
    const NAME: &'static str = "UntagResource";
    type Subject = ResourceByArn;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchResource]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        resource: ResourceByArn,
        input: Input,
    ) -> Result<(), ServiceError> {
        let resource = resource.tagged()?;
        let removed = &input.tag_keys.items;
        let changed = tags::change(&*cx.engine, &resource, u64::MAX, |held| {
            held.retain(|key, _| !removed.contains(key));
        });
        changed.await.map_err(|abort| {
            error::aborted(abort, |refused| match refused {
                Refused::Absent | Refused::LimitReached => document::no_such_resource(),
            })
        })
    }
}
