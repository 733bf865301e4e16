//! DeleteKeyValueStore: deletes a store with its pairs and tags, unless something refers to it.

use keyfront_store::stores::{self, Delete};
use serde::Deserialize;

use super::document::not_found;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DeleteKeyValueStore;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

impl Operation for DeleteKeyValueStore {
    const NAME: &'static str = "DeleteKeyValueStore";
    const SUBJECT: Subject = Subject::KeyValueStoreName;
    type Input = Input;
    type Output = ();

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<(), ApiError> {
        let if_match = if_match::given(input.if_match.as_deref())?;
        let store = caller.store.ok_or_else(not_found)?;
        match stores::delete(&*cx.engine, &store, if_match, cx.now_ms()).await? {
            Delete::Deleted => {
                cx.faults.release(&store);
                Ok(())
            }
            Delete::Absent => Err(not_found()),
            Delete::Stale => Err(if_match::stale()),
            Delete::InUse => Err(ApiError::new(
                "CannotDeleteEntityWhileInUse",
                "The entity cannot be deleted while it is in use.",
            )),
        }
    }
}
