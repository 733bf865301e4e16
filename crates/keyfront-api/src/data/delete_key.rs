//! DeleteKey: deletes a pair that is there.

use keyfront_domain::pairs::Update;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::store::StoreByArn;
use super::write::{self, Written};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct DeleteKey;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    key: String,
    if_match: String,
}

impl Operation for DeleteKey {
    const NAME: &'static str = "DeleteKey";
    type Subject = StoreByArn;
    type Input = Input;
    type Output = Written;

    fn errors() -> Vec<Code> {
        write::ERRORS.to_vec()
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        store: StoreByArn,
        input: Input,
    ) -> Result<Written, ServiceError> {
        let update = Update::new([], [input.key.as_str()], &cx.rules().quotas);
        write::apply(cx, &store, &input.if_match, update, Some(&input.key)).await
    }
}
