//! UpdateKeyValueStore: changes a store's comment, the only thing about it that can change.

use keyfront_store::stores;
use serde::Deserialize;

use super::document::{Described, not_found, refused};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct UpdateKeyValueStore;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    comment: String,
    if_match: Option<String>,
}

impl Operation for UpdateKeyValueStore {
    const NAME: &'static str = "UpdateKeyValueStore";
    const SUBJECT: Subject = Subject::KeyValueStoreName;
    type Input = Input;
    type Output = Described;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Described, ApiError> {
        let if_match = if_match::given(input.if_match.as_deref())?;
        let store = caller.store.ok_or_else(not_found)?;
        let updated =
            stores::update_comment(&*cx.engine, &store, if_match, &input.comment, cx.now_ms()).await;
        let record = updated.map_err(|abort| ApiError::aborted(abort, |why| refused(&why)))?;
        Ok(Described::of(store.account, record))
    }
}
