//! DeleteKeyValueStore: deletes a store with its pairs and tags, unless something refers to it.

use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores;
use serde::Deserialize;

use super::document::refused;
use super::subject::StoreByName;
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::error;
use crate::operation::Operation;

pub(super) struct DeleteKeyValueStore;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
}

impl Operation for DeleteKeyValueStore {
    const NAME: &'static str = "DeleteKeyValueStore";
    type Subject = StoreByName;
    type Input = Input;
    type Output = ();

    fn errors() -> Vec<Code> {
        vec![Code::CannotDeleteEntityWhileInUse, Code::EntityNotFound, Code::PreconditionFailed]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        store: StoreByName,
        input: Input,
    ) -> Result<(), ServiceError> {
        let store = store.found()?;
        let if_match = if_match::given(input.if_match.as_deref())?;
        let deleted = stores::delete(&*cx.engine, &store, if_match, cx.now_ms()).await;
        deleted.map_err(|abort| error::aborted(abort, |why| refused(&why)))?;
        cx.faults.release(&Arn::from(store));
        Ok(())
    }
}
