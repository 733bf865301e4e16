//! WritePairs: puts and deletes any number of pairs, all or nothing.

use bytes::Bytes;
use keyfront_domain::pairs::Update;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use crate::context::Context;
use crate::data::store::StoreByArn;
use crate::data::write::{self, Written};
use crate::operation::{BulkBody, BulkOperation};

pub(super) struct WritePairs;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: String,
}

/// An item of one of the two lists in the body.
#[derive(Deserialize)]
enum Item {
    #[serde(rename_all = "PascalCase")]
    Puts { key: String, value: String },
    #[serde(rename_all = "PascalCase")]
    Deletes { key: String },
}

impl BulkOperation for WritePairs {
    const NAME: &'static str = "WritePairs";
    const ACTION: &'static str = "UpdateKeys";
    type Subject = StoreByArn;
    type Input = Input;
    type Output = Written;

    fn errors() -> Vec<Code> {
        write::ERRORS.to_vec()
    }

    async fn run(
        cx: &Context,
        store: StoreByArn,
        input: Input,
        body: BulkBody<'_>,
    ) -> Result<(Written, Option<Bytes>), ServiceError> {
        let (mut puts, mut deletes) = (Vec::new(), Vec::new());
        body.each_item(|item| match item {
            Item::Puts { key, value } => puts.push((key, value)),
            Item::Deletes { key } => deletes.push(key),
        })?;
        let put = puts.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let update = Update::of_any_number(put, deletes.iter().map(String::as_str), &cx.rules().quotas);
        Ok((write::apply(cx, &store, &input.if_match, update, None).await?, None))
    }
}
