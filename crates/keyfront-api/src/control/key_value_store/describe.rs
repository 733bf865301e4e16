//! DescribeKeyValueStore: a store's configuration, and the ETag that changes to it must name.

use keyfront_error::{Code, ServiceError};
use keyfront_store::stores;
use serde::Deserialize;

use super::document::{Described, not_found};
use super::subject::StoreByName;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct DescribeKeyValueStore;

/// Nothing but the name, which the subject is found by.
#[derive(Deserialize)]
pub(super) struct Input {}

impl Operation for DescribeKeyValueStore {
    const NAME: &'static str = "DescribeKeyValueStore";
    type Subject = StoreByName;
    type Input = Input;
    type Output = Described;

    fn errors() -> Vec<Code> {
        vec![Code::EntityNotFound]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        store: StoreByName,
        _input: Input,
    ) -> Result<Described, ServiceError> {
        let store = store.found()?;
        let record = stores::find(&*cx.engine, &store).await?.ok_or_else(not_found)?;
        Ok(Described::of(caller.account(), record))
    }
}
