//! Describes the pairs of a store.

use super::types::{StoreMetadata, unsigned};
use crate::client::Client;
use crate::error::ClientError;
use crate::timestamp::timestamp;

impl Client {
    /// Counts, sizes and the ETag of a store's pairs.
    pub async fn metadata(&self, arn: &str) -> Result<StoreMetadata, ClientError> {
        let call = self.data.describe_key_value_store().kvs_arn(arn).send();
        let answer = call.await.map_err(|error| self.failed("DescribeKeyValueStore", &error))?;
        Ok(StoreMetadata {
            etag: answer.e_tag().to_owned(),
            item_count: unsigned(answer.item_count()),
            total_size_in_bytes: unsigned(answer.total_size_in_bytes()),
            created: timestamp(answer.created()),
            modified: answer.last_modified().map(timestamp),
            status: answer.status().unwrap_or("READY").to_owned(),
            failure_reason: answer.failure_reason().map(str::to_owned),
        })
    }
}
