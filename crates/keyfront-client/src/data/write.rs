//! Writes pairs: one, some, or a batch of a plan.

use super::request::{delete_list, put_list};
use super::types::Written;
use crate::attempts::AttemptCounter;
use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::retry;

/// The most keys in one request of the service.
const MAX_KEYS: usize = 50;

/// How often a pair is written again because other clients write to the store.
const ATTEMPTS: usize = 10;

impl Client {
    /// Puts one pair, also while other clients write to the store.
    pub async fn put(&self, arn: &str, key: &str, value: &str) -> Result<Written, ClientError> {
        let attempt = || async {
            let etag = self.metadata(arn).await?.etag;
            let call = self.data.put_key().kvs_arn(arn).key(key).value(value).if_match(etag).send();
            let answer = call.await.map_err(|error| self.failed("PutKey", &error))?;
            Ok(Written::new(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
        };
        retry::while_stale(ATTEMPTS, attempt).await.map_err(|error| error.or_always_changing(arn))
    }

    /// Removes pairs, also while other clients write to the store. Returns how many there were, and the last answer.
    /// An absent key is not counted.
    pub async fn remove(&self, arn: &str, keys: &[&str]) -> Result<(u64, Written), ClientError> {
        let mut removed = 0;
        let mut last = None;
        for keys in keys.chunks(MAX_KEYS) {
            let (count, written) = self.remove_some(arn, keys).await?;
            removed += count;
            last = Some(written);
        }
        let last = last.ok_or_else(|| ClientError::new(ErrorKind::Refused, "no key was named"))?;
        Ok((removed, last))
    }

    async fn remove_some(&self, arn: &str, keys: &[&str]) -> Result<(u64, Written), ClientError> {
        let attempt = || async {
            let before = self.metadata(arn).await?;
            let written = self.update(arn, &before.etag, &[], keys).await?;
            Ok((before.item_count.saturating_sub(written.item_count), written))
        };
        retry::while_stale(ATTEMPTS, attempt).await.map_err(|error| error.or_always_changing(arn))
    }

    /// Puts and deletes pairs in one request of the service, if `etag` is still the ETag of the pairs.
    pub async fn update(
        &self,
        arn: &str,
        etag: &str,
        puts: &[(&str, &str)],
        deletes: &[&str],
    ) -> Result<Written, ClientError> {
        let call = self.data.update_keys().kvs_arn(arn).if_match(etag);
        let call = call.set_puts(put_list(puts)?).set_deletes(delete_list(deletes)?);
        let attempts = AttemptCounter::default();
        let answer = call.customize().interceptor(attempts.clone()).send().await;
        let answer = answer.map_err(|error| attempts.mark(self.failed("UpdateKeys", &error)))?;
        Ok(Written::new(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
    }
}
