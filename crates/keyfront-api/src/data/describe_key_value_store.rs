//! DescribeKeyValueStore: the totals of a store's pairs, and the ETag that writes must name.

use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, PairsHead};
use serde::{Deserialize, Serialize};

use super::store;
use super::store::StoreByArn;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct DescribeKeyValueStore;

/// Nothing but the ARN, which is the subject.
#[derive(Deserialize)]
pub(super) struct Input {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    item_count: u64,
    total_size_in_bytes: u64,
    #[serde(rename = "KvsARN")]
    kvs_arn: String,
    created: i64,
    last_modified: i64,
    status: &'static str,
    failure_reason: Option<String>,
    #[serde(rename = "ETag")]
    etag: String,
}

impl Operation for DescribeKeyValueStore {
    const NAME: &'static str = "DescribeKeyValueStore";
    type Subject = StoreByArn;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::ConflictException, Code::ResourceNotFoundException]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        store: StoreByArn,
        _input: Input,
    ) -> Result<Output, ServiceError> {
        let arn = store.named()?;
        let (head, failure_reason) = stores::describe_pairs(&*cx.engine, &arn).await?;
        let PairsHead::Found(head) = head else { return Err(store::unusable(&head)) };
        Ok(Output {
            item_count: head.totals.item_count,
            total_size_in_bytes: head.totals.total_size_in_bytes,
            kvs_arn: arn.to_string(),
            created: head.created_ms,
            last_modified: head.modified_ms,
            status: head.status.as_str(),
            failure_reason,
            etag: etag::data_plane(head.version),
        })
    }
}
