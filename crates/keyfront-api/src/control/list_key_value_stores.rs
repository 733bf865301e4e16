//! ListKeyValueStores: the stores of the account, in the order of their creation.

use keyfront_store::stores::{self, ListPage, Page};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key_value_store::KeyValueStore;
use super::paging;
use crate::context::{Caller, Context};
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
    key_value_store_list: KeyValueStoreList,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyValueStoreList {
    next_marker: Option<String>,
    max_items: usize,
    quantity: usize,
    /// Left out when there is none, as the service does in its lists.
    items: Option<Vec<KeyValueStore>>,
}

impl Operation for ListKeyValueStores {
    const NAME: &'static str = "ListKeyValueStores";
    const SUBJECT: Subject = Subject::Account;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let max_items = paging::max_items(input.max_items.as_deref())?;
        let marker = input.marker.filter(|marker| !marker.is_empty());
        let after = marker.map(|id| Uuid::try_parse(&id)).transpose();
        let after = after.map_err(|_not_an_id| paging::unknown_marker())?;
        let status = input.status.as_deref().filter(|status| !status.is_empty());
        let account = caller.account();
        let page = stores::list(&*cx.engine, account, &ListPage { after, max_items, status }).await?;
        let Page::Stores(records, more) = page else { return Err(paging::unknown_marker()) };
        let next_marker = records.last().filter(|_| more).map(|record| record.id.to_string());
        let items: Vec<_> = records.into_iter().map(|record| KeyValueStore::of(account, record)).collect();
        let quantity = items.len();
        let items = (quantity > 0).then_some(items);
        Ok(Output { key_value_store_list: KeyValueStoreList { next_marker, max_items, quantity, items } })
    }
}
