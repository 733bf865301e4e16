//! DeleteKeyValueStore: deletes a store with its pairs and tags, unless something refers to it.

use keyfront_store::stores;
use serde::Deserialize;

use super::document::{not_found, refused};
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
        let deleted = stores::delete(&*cx.engine, &store, if_match, cx.now_ms()).await;
        deleted.map_err(|abort| ApiError::aborted(abort, |why| refused(&why)))?;
        cx.faults.release(&store);
        Ok(())
    }
}
