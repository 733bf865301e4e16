//! UpdateKeyValueStore: changes a store's comment, the only thing about it that can change.

use keyfront_error::{Code, ServiceError};
use keyfront_store::stores;
use serde::Deserialize;

use super::document::{Described, refused};
use super::subject::StoreByName;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error;
use crate::operation::Operation;

pub(super) struct UpdateKeyValueStore;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    comment: String,
    if_match: Option<String>,
}

impl Operation for UpdateKeyValueStore {
    const NAME: &'static str = "UpdateKeyValueStore";
    type Subject = StoreByName;
    type Input = Input;
    type Output = Described;

    fn errors() -> Vec<Code> {
        vec![Code::EntityNotFound, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        store: StoreByName,
        input: Input,
    ) -> Result<Described, ServiceError> {
        let store = store.found()?;
        let if_match = if_match::given(input.if_match.as_deref())?;
        let updated =
            stores::update_comment(&*cx.engine, &store, if_match, &input.comment, cx.now_ms()).await;
        let record = updated.map_err(|abort| error::aborted(abort, |why| refused(&why)))?;
        Ok(Described::of(store.account, record))
    }
}
