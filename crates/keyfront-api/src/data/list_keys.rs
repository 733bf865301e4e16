//! ListKeys: the pairs of a store, in the order of their keys' bytes.

use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, ListPairs};
use serde::{Deserialize, Serialize};

use super::store::StoreByArn;
use super::{next_token, store};
use crate::context::{Caller, Context};
use crate::operation::Operation;

/// Pairs on a page when the request does not say (AWS: `MaxResults`).
const DEFAULT_MAX_RESULTS: usize = 10;

pub(super) struct ListKeys;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    next_token: Option<String>,
    max_results: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    items: Vec<Item>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    key: String,
    value: String,
}

impl Operation for ListKeys {
    const NAME: &'static str = "ListKeys";
    type Subject = StoreByArn;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::ConflictException, Code::ResourceNotFoundException, Code::ValidationException]
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        store: StoreByArn,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let arn = store.named()?;
        let token = input.next_token.filter(|token| !token.is_empty());
        let after = token.map(|token| next_token::read(&arn, &token)).transpose()?;
        let max_results = input.max_results.unwrap_or(DEFAULT_MAX_RESULTS);
        let page = match stores::list_pairs(&*cx.engine, &arn, after.as_deref(), max_results).await? {
            ListPairs::Page(page) => page,
            ListPairs::Unreadable(head) => return Err(store::unusable(&head)),
        };
        let last = page.pairs.last().filter(|_| page.more);
        let next_token = last.map(|(key, _)| next_token::write(&arn, key));
        let items = page.pairs.into_iter().map(|(key, value)| Item { key, value }).collect();
        Ok(Output { items, next_token })
    }
}
