//! The pairs of a store: the data plane.

use aws_sdk_cloudfront::config::http::HttpResponse;
use aws_sdk_cloudfront::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudfrontkeyvaluestore::types::{DeleteKeyRequestListItem, PutKeyRequestListItem};

use crate::Pairs;
use crate::endpoint::Client;
use crate::error::{ClientError, Kind};
use crate::moment::moment;
use crate::sent::Sent;
use crate::sync::Pauses;

/// Pairs on a page: the most that the service gives.
const PAGE: i32 = 50;

/// How often a store is read again when it changed meanwhile, or a pair is written again.
const TRIES: usize = 10;

/// What the data plane says of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The ETag of the pairs.
    pub etag: String,
    /// Number of pairs.
    pub item_count: u64,
    /// Bytes of all keys and values.
    pub total_size_in_bytes: u64,
    /// When it was made, in UTC.
    pub created: String,
    /// When a pair last changed, in UTC.
    pub modified: Option<String>,
    /// `READY` if the pairs can be read.
    pub status: String,
    /// Why the import failed, if it did.
    pub failure_reason: Option<String>,
}

/// All pairs of a store at one moment.
#[derive(Clone, Debug)]
pub struct Image {
    /// The ETag of that moment.
    pub etag: String,
    /// The pairs.
    pub pairs: Pairs,
}

/// The answer to a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The ETag afterwards.
    pub etag: String,
    /// Number of pairs afterwards.
    pub item_count: u64,
    /// Bytes of all keys and values afterwards.
    pub total_size_in_bytes: u64,
}

fn unsigned(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or_default()
}

impl Written {
    pub(crate) fn new(etag: &str, items: i32, bytes: i64) -> Written {
        Written { etag: etag.to_owned(), item_count: unsigned(items), total_size_in_bytes: unsigned(bytes) }
    }
}

impl Client {
    pub(crate) fn failed<E>(&self, operation: &str, error: &SdkError<E, HttpResponse>) -> ClientError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        ClientError::of(operation, &self.place, error)
    }

    /// Counts, sizes and the ETag of a store's pairs.
    pub async fn head(&self, arn: &str) -> Result<Head, ClientError> {
        let call = self.data.describe_key_value_store().kvs_arn(arn).send();
        let answer = call.await.map_err(|error| self.failed("DescribeKeyValueStore", &error))?;
        Ok(Head {
            etag: answer.e_tag().to_owned(),
            item_count: unsigned(answer.item_count()),
            total_size_in_bytes: unsigned(answer.total_size_in_bytes()),
            created: moment(answer.created()),
            modified: answer.last_modified().map(moment),
            status: answer.status().unwrap_or("READY").to_owned(),
            failure_reason: answer.failure_reason().map(str::to_owned),
        })
    }

    /// The value of a key.
    pub async fn get(&self, arn: &str, key: &str) -> Result<String, ClientError> {
        let call = self.data.get_key().kvs_arn(arn).key(key).send();
        Ok(call.await.map_err(|error| self.failed("GetKey", &error))?.value)
    }

    /// Puts one pair, whoever else writes to the store.
    pub async fn put(&self, arn: &str, key: &str, value: &str) -> Result<Written, ClientError> {
        let mut pauses = Pauses::default();
        for _ in 0..TRIES {
            let etag = self.head(arn).await?.etag;
            let call = self.data.put_key().kvs_arn(arn).key(key).value(value).if_match(etag).send();
            match call.await.map_err(|error| self.failed("PutKey", &error)) {
                Ok(answer) => {
                    return Ok(Written::new(
                        answer.e_tag(),
                        answer.item_count(),
                        answer.total_size_in_bytes(),
                    ));
                }
                Err(error) if error.kind == Kind::Stale => pauses.pause().await,
                Err(error) => return Err(error),
            }
        }
        Err(always_changing(arn))
    }

    /// Removes pairs, whoever else writes to the store; how many there were, and the last answer. A key that
    /// is not there is none to remove.
    pub async fn remove(&self, arn: &str, keys: &[&str]) -> Result<(u64, Written), ClientError> {
        let mut removed = 0;
        let mut last = None;
        for keys in keys.chunks(PAGE.unsigned_abs().try_into().unwrap_or(1)) {
            let (count, written) = self.remove_some(arn, keys).await?;
            removed += count;
            last = Some(written);
        }
        let last = last.ok_or_else(|| ClientError::new(Kind::Refused, "no key was named"))?;
        Ok((removed, last))
    }

    async fn remove_some(&self, arn: &str, keys: &[&str]) -> Result<(u64, Written), ClientError> {
        let mut pauses = Pauses::default();
        for _ in 0..TRIES {
            let head = self.head(arn).await?;
            match self.update(arn, &head.etag, &[], keys).await {
                Ok(written) => return Ok((head.item_count.saturating_sub(written.item_count), written)),
                Err(error) if error.kind == Kind::Stale => pauses.pause().await,
                Err(error) => return Err(error),
            }
        }
        Err(always_changing(arn))
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
        let sent = Sent::default();
        let answer = call.customize().interceptor(sent.clone()).send().await;
        let answer = answer.map_err(|error| sent.mark(self.failed("UpdateKeys", &error)))?;
        Ok(Written::new(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
    }

    /// All pairs of a store, of one moment. `progress` is told how many of how many were read.
    ///
    /// The service gives fifty at a time, and says nothing of writes between two pages; so its ETag is looked
    /// at before and after.
    pub async fn read_all(
        &self,
        arn: &str,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Image, ClientError> {
        if self.has_whole() {
            match self.read_whole(arn).await {
                Err(error) if error.kind == Kind::UnknownOperation => self.has_no_whole(),
                answer => return answer,
            }
        }
        let mut pauses = Pauses::default();
        for _ in 0..TRIES {
            let before = self.head(arn).await?;
            let pairs = self.read_pages(arn, before.item_count, progress).await?;
            if self.head(arn).await?.etag == before.etag {
                return Ok(Image { etag: before.etag, pairs });
            }
            pauses.pause().await;
        }
        Err(always_changing(arn))
    }

    async fn read_pages(
        &self,
        arn: &str,
        expected: u64,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Pairs, ClientError> {
        let mut pairs = Pairs::default();
        let mut token = None;
        loop {
            let call = self.data.list_keys().kvs_arn(arn).max_results(PAGE).set_next_token(token).send();
            let page = call.await.map_err(|error| self.failed("ListKeys", &error))?;
            for item in page.items.unwrap_or_default() {
                pairs.insert(item.key, item.value);
            }
            progress(unsigned(pairs.len()), expected);
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(pairs);
            }
        }
    }
}

pub(crate) fn put_list(puts: &[(&str, &str)]) -> Result<Option<Vec<PutKeyRequestListItem>>, ClientError> {
    let items =
        puts.iter().map(|(key, value)| PutKeyRequestListItem::builder().key(*key).value(*value).build());
    let items: Result<Vec<_>, _> = items.collect();
    listed(items)
}

pub(crate) fn delete_list(deletes: &[&str]) -> Result<Option<Vec<DeleteKeyRequestListItem>>, ClientError> {
    let items: Result<Vec<_>, _> =
        deletes.iter().map(|key| DeleteKeyRequestListItem::builder().key(*key).build()).collect();
    listed(items)
}

/// A list for a request, left out when it is empty.
fn listed<T>(items: Result<Vec<T>, impl std::error::Error>) -> Result<Option<Vec<T>>, ClientError> {
    let items = items.map_err(|error| ClientError::new(Kind::Refused, error.to_string()))?;
    Ok((!items.is_empty()).then_some(items))
}

fn always_changing(arn: &str) -> ClientError {
    ClientError::new(
        Kind::Stale,
        format!("{arn} changed again and again while it was read or written; try later"),
    )
}
