//! ReadPairs: all pairs of a store from one snapshot, with its totals and ETag.

use bytes::Bytes;
use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, AllPairs};
use serde::ser::{Error, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};

use crate::context::Context;
use crate::data::store;
use crate::data::store::StoreByArn;
use crate::operation::{BulkBody, BulkOperation};

pub(super) struct ReadPairs;

/// Nothing but the ARN, which is the subject.
#[derive(Deserialize)]
pub(super) struct Input {}

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
    type Subject = StoreByArn;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::ConflictException, Code::ResourceNotFoundException]
    }

    async fn run(
        cx: &Context,
        store: StoreByArn,
        _input: Input,
        _body: BulkBody<'_>,
    ) -> Result<(Output, Option<Bytes>), ServiceError> {
        let arn = store.named()?;
        let all = match stores::read_pairs(&*cx.engine, &arn).await? {
            stores::ReadPairs::Found(all) => all,
            stores::ReadPairs::Unreadable(head) => return Err(store::unusable(&head)),
        };
        let document = Document {
            item_count: all.head.totals.item_count,
            total_size_in_bytes: all.head.totals.total_size_in_bytes,
            items: Items(&all),
        };
        let body = serde_json::to_vec(&document).map_err(ServiceError::internal)?;
        Ok((Output { etag: etag::data_plane(all.head.version) }, Some(Bytes::from(body))))
    }
}
