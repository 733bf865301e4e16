//! Reads pairs: one, or all of a store.

use aws_sdk_cloudfrontkeyvaluestore::types::ListKeysResponseListItem;

use super::types::{StoredPairs, unsigned};
use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::pairs::Pairs;
use crate::retry;

/// Pairs on a page: the most that the service gives.
const PAGE: i32 = 50;

/// How often a store is read again because it changed meanwhile.
const ATTEMPTS: usize = 10;

impl Client {
    /// The value of a key.
    pub async fn get(&self, arn: &str, key: &str) -> Result<String, ClientError> {
        let call = self.data.get_key().kvs_arn(arn).key(key).send();
        Ok(call.await.map_err(|error| self.failed("GetKey", &error))?.value)
    }

    /// All pairs of a store, read from one version of it. `progress` is told how many of how many were read.
    ///
    /// The service gives fifty at a time, and says nothing of writes between two pages; so the ETag is read
    /// before and after.
    pub async fn read_all(
        &self,
        arn: &str,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<StoredPairs, ClientError> {
        if self.has_extensions() {
            match self.read_pairs(arn).await {
                Err(error) if error.kind == ErrorKind::UnknownOperation => self.forget_extensions(),
                answer => return answer,
            }
        }
        retry::while_stale(ATTEMPTS, || async {
            let before = self.metadata(arn).await?;
            let pairs = self.read_pages(arn, before.item_count, progress).await?;
            if self.metadata(arn).await?.etag == before.etag {
                return Ok(StoredPairs { etag: before.etag, pairs });
            }
            Err(ClientError::always_changing(arn))
        })
        .await
    }

    async fn read_pages(
        &self,
        arn: &str,
        expected: u64,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Pairs, ClientError> {
        let mut pairs = Pairs::default();
        let fetch = |token| async {
            let call = self.data.list_keys().kvs_arn(arn).max_results(PAGE).set_next_token(token).send();
            let page = call.await.map_err(|error| self.failed("ListKeys", &error))?;
            Ok(Page { items: page.items.unwrap_or_default(), next: page.next_token })
        };
        let receive = |items: Vec<ListKeysResponseListItem>| {
            for item in items {
                pairs.insert(item.key, item.value);
            }
            progress(unsigned(pairs.len()), expected);
        };
        pagination::for_each_page(fetch, receive).await?;
        Ok(pairs)
    }
}
