//! DescribeKeyValueStore: a store's configuration, and the ETag that changes to it must name.

use keyfront_domain::etag;
use keyfront_store::stores;
use serde::{Deserialize, Serialize};

use super::key_value_store::{KeyValueStore, not_found};
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct DescribeKeyValueStore;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(rename = "Name")]
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    key_value_store: KeyValueStore,
    #[serde(rename = "ETag")]
    etag: String,
}

impl Operation for DescribeKeyValueStore {
    const NAME: &'static str = "DescribeKeyValueStore";
    const SUBJECT: Subject = Subject::KeyValueStoreName;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let record = stores::find(&*cx.engine, caller.account(), &input.name).await?.ok_or_else(not_found)?;
        let etag = etag::control_plane(record.version);
        Ok(Output { key_value_store: KeyValueStore::of(caller.account(), record), etag })
    }
}
