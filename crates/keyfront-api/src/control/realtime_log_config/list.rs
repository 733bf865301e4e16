//! ListRealtimeLogConfigs: the real-time log configurations of the account, in the order of their creation.

use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::resources;
use serde::Serialize;
use serde_json::Value;

use super::document::{self, KIND};
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::operation::{Members, Operation, WholeAccount, text};

pub(super) struct ListRealtimeLogConfigs;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    realtime_log_configs: Page<Value>,
}

impl Operation for ListRealtimeLogConfigs {
    const NAME: &'static str = "ListRealtimeLogConfigs";
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Output;

    fn errors() -> Vec<Code> {
        Vec::new()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Output, ServiceError> {
        let (account, marker) = (caller.account(), text(&input, "Marker"));
        let max_items = page::max_items_of(&input)?;
        let request = PageRequest::new(Some(marker).filter(|marker| !marker.is_empty()), max_items);
        let listed = resources::list(&*cx.engine, account, KIND, request).await.map_err(page::aborted)?;
        let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.id.clone());
        let items = listed.items.into_iter().map(|record| document::document(account, record)).collect();
        Ok(Output { realtime_log_configs: Page::new(Some(marker.to_owned()), max_items, items, next_marker) })
    }
}
