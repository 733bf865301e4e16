//! DescribeKeyValueStore: a store's configuration, and the ETag that changes to it must name.

use keyfront_store::stores;
use serde::Deserialize;

use super::key_value_store::{Described, not_found};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DescribeKeyValueStore;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(rename = "Name")]
    name: String,
}

impl Operation for DescribeKeyValueStore {
    const NAME: &'static str = "DescribeKeyValueStore";
    const SUBJECT: Subject = Subject::KeyValueStoreName;
    type Input = Input;
    type Output = Described;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Described, ApiError> {
        let record = stores::find(&*cx.engine, caller.account(), &input.name).await?.ok_or_else(not_found)?;
        Ok(Described::of(caller.account(), record))
    }
}
