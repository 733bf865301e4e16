//! ListFunctions: the functions of the account, in the order of their names.

use keyfront_domain::function::Stage;
use keyfront_store::functions;
use serde::{Deserialize, Serialize};

use super::function::FunctionSummary;
use super::paging;
use crate::context::{Caller, Context};
use crate::error::ApiError;
use crate::operation::{Operation, Subject};

pub(super) struct ListFunctions;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    marker: Option<String>,
    max_items: Option<String>,
    /// Without one, all functions are listed as they are in DEVELOPMENT, which every function has.
    #[serde(default)]
    stage: Stage,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    function_list: FunctionList,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionList {
    next_marker: Option<String>,
    max_items: usize,
    quantity: usize,
    /// Left out when there is none, as the service does in its lists.
    items: Option<Vec<FunctionSummary>>,
}

impl Operation for ListFunctions {
    const NAME: &'static str = "ListFunctions";
    const SUBJECT: Subject = Subject::Account;
    type Input = Input;
    type Output = Output;

    async fn run(cx: &Context, caller: &Caller, input: Input) -> Result<Output, ApiError> {
        let (account, stage) = (caller.account(), input.stage);
        let max_items = paging::max_items(input.max_items.as_deref())?;
        // The list is in the order of the names, so it goes on after any name, also one that has left it.
        let after = input.marker.as_deref().filter(|marker| !marker.is_empty());
        if after.is_some_and(|marker| !keyfront_domain::function::is_name(marker)) {
            return Err(paging::unknown_marker());
        }
        let (records, more) = functions::list(&*cx.engine, account, stage, after, max_items).await?;
        let next_marker = records.last().filter(|_| more).map(|record| record.name.clone());
        let summaries = records.into_iter().filter_map(|record| FunctionSummary::of(account, record, stage));
        let items: Vec<_> = summaries.collect();
        let quantity = items.len();
        let items = (quantity > 0).then_some(items);
        Ok(Output { function_list: FunctionList { next_marker, max_items, quantity, items } })
    }
}
