//! ListFunctions: the functions of the account, in the order of their names.

use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions;
use keyfront_store::list::PageRequest;
use keyfront_store::records::FunctionRecord;
use serde::{Deserialize, Serialize};

use super::document::FunctionSummary;
use crate::context::{Caller, Context};
use crate::control::page::{self, Page};
use crate::operation::{Operation, WholeAccount};

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
    function_list: Page<FunctionSummary>,
}

impl Operation for ListFunctions {
    const NAME: &'static str = "ListFunctions";
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
        let (account, stage) = (caller.account(), input.stage);
        let max_items = page::max_items(input.max_items.as_deref())?;
        // The list is in the order of the names, so it goes on after any name, also one that has left it.
        let after = input.marker.as_deref().filter(|marker| !marker.is_empty());
        if after.is_some_and(|marker| !keyfront_domain::function::is_name(marker)) {
            return Err(page::unknown_marker());
        }
        let filter = |function: &FunctionRecord| function.stage(stage).is_some();
        let request = PageRequest { filter: &filter, ..PageRequest::new(after, max_items) };
        let listed = functions::list(&*cx.engine, account, request).await?;
        let next_marker = listed.items.last().filter(|_| listed.more).map(|record| record.name.clone());
        let summaries =
            listed.items.into_iter().filter_map(|record| FunctionSummary::of(account, record, stage));
        let page = Page::new(input.marker, max_items, summaries.collect(), next_marker);
        Ok(Output { function_list: page })
    }
}
