//! ListKeyValueStores: the stores of the account, in the order of their creation.

use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::KeyValueStoreRecord;
use keyfront_store::stores;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::KeyValueStore;
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::operation::{Operation, WholeAccount};

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
    type Subject = WholeAccount;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let max_items = page::max_items(input.max_items.as_deref())?;
        let marker = input.marker.as_deref().filter(|marker| !marker.is_empty());
        let after = marker.map(Uuid::try_parse).transpose();
        let after = after.map_err(|_not_an_id| page::unknown_marker())?.map(|id| id.to_string());
        let status = input.status.as_deref().filter(|status| !status.is_empty());
        let filter =
            |record: &KeyValueStoreRecord| status.is_none_or(|status| record.status.as_str() == status);
        let account = caller.account();
        let request = PageRequest { filter: &filter, ..PageRequest::new(after.as_deref(), max_items) };
        let listed = stores::list(&*cx.engine, account, request).await.map_err(page::aborted)?;
        let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.to_string());
        let items = listed.items.into_iter().map(|record| KeyValueStore::of(account, record)).collect();
        let page = Page::new(input.marker, max_items, items, next_marker);
        Ok(Output { key_value_store_list: page })
    }
}
