//! GetKey: one pair, with the store's totals.

use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, GetPair, PairsHead};
use serde::{Deserialize, Serialize};

use super::store;
use super::store::StoreByArn;
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct GetKey;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(rename = "Key")]
    key: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    key: String,
    value: String,
    item_count: u64,
    total_size_in_bytes: u64,
}

impl Operation for GetKey {
    const NAME: &'static str = "GetKey";
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
        input: Input,
    ) -> Result<Output, ServiceError> {
        let arn = store.named()?;
        match stores::get_pair(&*cx.engine, &arn, &input.key).await? {
            GetPair::Found(value, totals) => Ok(Output {
                key: input.key,
                value,
                item_count: totals.item_count,
                total_size_in_bytes: totals.total_size_in_bytes,
            }),
            GetPair::NoSuchKey => Err(store::no_such_key(&input.key)),
            // The other operations call a deleted store a conflict; the Terraform provider's key resource
            // takes only this answer from GetKey as "gone".
            GetPair::Unreadable(PairsHead::Deleted | PairsHead::Absent) => Err(store::not_found()),
            GetPair::Unreadable(PairsHead::Found(_)) => Err(store::not_in_expected_state()),
        }
    }
}
