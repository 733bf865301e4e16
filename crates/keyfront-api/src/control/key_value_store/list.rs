//! ListKeyValueStores: the stores of the account, in the order of their creation.

use keyfront_store::stores::{self, ListPage};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::KeyValueStore;
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct ListKeyValueStores;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    marker: Option<String>,
    max_items: Option<String>,
    status: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    key_value_store_list: Page<KeyValueStore>,
}

impl Operation for ListKeyValueStores {
    const NAME: &'static str = "ListKeyValueStores";
    const SUBJECT: Subject = Subject::Account;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let max_items = page::max_items(input.max_items.as_deref())?;
        let marker = input.marker.as_deref().filter(|marker| !marker.is_empty());
        let after = marker.map(Uuid::try_parse).transpose();
        let after = after.map_err(|_not_an_id| page::unknown_marker())?;
        let status = input.status.as_deref().filter(|status| !status.is_empty());
        let account = caller.account();
        let page = stores::list(&*cx.engine, account, &ListPage { after, max_items, status }).await?;
        let stores::Page::Stores(records, more) = page else { return Err(page::unknown_marker()) };
        let next_marker = records.last().filter(|_| more).map(|record| record.id.to_string());
        let items = records.into_iter().map(|record| KeyValueStore::of(account, record)).collect();
        let page = Page::new(input.marker, max_items, items, next_marker);
        Ok(Output { key_value_store_list: page })
    }
}
