//! DescribeKeyValueStore: a store's configuration, and the ETag that changes to it must name.

use keyfront_store::stores;
use serde::Deserialize;

use super::document::{Described, not_found};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DescribeKeyValueStore;

/// Nothing but the name, which the pipeline has resolved.
#[derive(Deserialize)]
pub(super) struct Input {}

impl Operation for DescribeKeyValueStore {
    const NAME: &'static str = "DescribeKeyValueStore";
    const SUBJECT: Subject = Subject::KeyValueStoreName;
    type Input = Input;
    type Output = Described;

    async fn run(cx: &Context, caller: &Caller, _input: Input) -> Result<Described, ApiError> {
        let store = caller.store.ok_or_else(not_found)?;
        let record = stores::find(&*cx.engine, &store).await?.ok_or_else(not_found)?;
        Ok(Described::of(caller.account(), record))
    }
}
