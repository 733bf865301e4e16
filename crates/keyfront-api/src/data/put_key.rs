//! PutKey: creates a pair or replaces its value.

use keyfront_domain::pairs::Update;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::store::StoreByArn;
use super::write::{self, Written};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct PutKey;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    key: String,
    value: String,
    if_match: String,
}

impl Operation for PutKey {
    const NAME: &'static str = "PutKey";
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
        let update = Update::new([(input.key.as_str(), input.value.as_str())], [], &cx.rules().quotas);
        write::apply(cx, &store, &input.if_match, update, None).await
    }
}
