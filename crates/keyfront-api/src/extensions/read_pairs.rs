//! ReadPairs: all pairs of a store from one snapshot, with its totals and ETag.

use bytes::Bytes;
use keyfront_domain::etag;
use keyfront_store::stores::{self, AllPairs};
use serde::ser::{Error, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};

use crate::context::Context;
use crate::data::store;
use crate::error::ApiError;
use crate::operation::{BulkBody, BulkOperation, Subject};

pub(super) struct ReadPairs;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(rename = "KvsARN")]
    kvs_arn: String,
}

#[derive(Serialize)]
pub(super) struct Output {
    #[serde(rename = "ETag")]
    etag: String,
}

/// The body of the answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    item_count: u64,
    total_size_in_bytes: u64,
    items: Items<'a>,
}

/// The list of pairs, written from where they lie.
struct Items<'a>(&'a AllPairs);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    key: &'a str,
    value: &'a str,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.0.iter();
        let mut items = serializer.serialize_seq(Some(pairs.len()))?;
        for pair in pairs {
            let (key, value) = pair.map_err(S::Error::custom)?;
            items.serialize_element(&Item { key, value })?;
        }
        items.end()
    }
}

impl BulkOperation for ReadPairs {
    const NAME: &'static str = "ReadPairs";
    const ACTION: &'static str = "ListKeys";
    const SUBJECT: Subject = Subject::Arn("KvsARN");
    type Input = Input;
    type Output = Output;

    async fn run(
        cx: &Context,
        input: Input,
        _body: BulkBody<'_>,
    ) -> Result<(Output, Option<Bytes>), ApiError> {
        let arn = store::named(&input.kvs_arn)?;
        let all = match stores::read_pairs(&*cx.engine, &arn).await? {
            stores::ReadPairs::Found(all) => all,
            stores::ReadPairs::Unreadable(head) => return Err(store::unusable(&head)),
        };
        let document = Document {
            item_count: all.head.totals.item_count,
            total_size_in_bytes: all.head.totals.total_size_in_bytes,
            items: Items(&all),
        };
        let body = serde_json::to_vec(&document).map_err(ApiError::internal)?;
        Ok((Output { etag: etag::data_plane(all.head.version) }, Some(Bytes::from(body))))
    }
}
