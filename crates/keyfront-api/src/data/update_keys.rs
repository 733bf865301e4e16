//! UpdateKeys: puts and deletes several pairs, all or nothing.

use keyfront_domain::pairs::Update;
use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::store::StoreByArn;
use super::write::{self, Written};
use crate::context::{Caller, Context};
use crate::operation::Operation;

pub(super) struct UpdateKeys;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: String,
    #[serde(default)]
    puts: Vec<Put>,
    #[serde(default)]
    deletes: Vec<Delete>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    key: String,
}

impl Operation for UpdateKeys {
    const NAME: &'static str = "UpdateKeys";
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
        let puts = input.puts.iter().map(|put| (put.key.as_str(), put.value.as_str()));
        let deletes = input.deletes.iter().map(|delete| delete.key.as_str());
        let update = Update::new(puts, deletes, &cx.rules().quotas);
        write::apply(cx, &store, &input.if_match, update, None).await
    }
}
