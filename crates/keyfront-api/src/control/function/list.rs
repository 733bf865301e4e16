//! ListFunctions: the stages of the account's functions, in the order of the names, DEVELOPMENT before LIVE.
//!
//! Without a stage a function that was published is listed twice, once for each stage, as the service does. A page
//! may then end between the two. Its marker is the name with the stage behind a dot, which no name has.

use keyfront_domain::arn::{Arn, FunctionArn};
use keyfront_domain::function::{self, Stage};
use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::FunctionRecord;
use keyfront_store::{functions, references};
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
    stage: Option<Stage>,
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
        let account = caller.account();
        let max_items = page::max_items(input.max_items.as_deref())?;
        let marker = input.marker.as_deref().filter(|marker| !marker.is_empty());
        let after = marker.map(|marker| Place::parse(marker, input.stage)).transpose()?;
        let stages: &[Stage] = match &input.stage {
            Some(stage) => std::slice::from_ref(stage),
            None => &[Stage::Development, Stage::Live],
        };
        let mut items = Vec::new();
        if let Some(Place { name, stage: Some(Stage::Development) }) = &after {
            let arn = FunctionArn { account, name: name.clone() };
            items.extend(functions::find(&*cx.engine, &arn).await?.map(|record| (record, Stage::Live)));
        }
        // The list is in the order of the names, so it goes on after any name, also one that has left it.
        let filter = |function: &FunctionRecord| stages.iter().any(|stage| function.stage(*stage).is_some());
        let after = after.as_ref().map(|place| place.name.as_str());
        let request = PageRequest { filter: &filter, ..PageRequest::new(after, max_items) };
        let listed = functions::list(&*cx.engine, account, request).await?;
        let each = |record: FunctionRecord| stages.iter().map(move |stage| (record.clone(), *stage));
        items.extend(listed.items.into_iter().flat_map(each));
        items.retain(|(record, stage)| record.stage(*stage).is_some());
        let more = listed.more || items.len() > max_items;
        items.truncate(max_items);
        let last = items.last().filter(|_| more);
        let next_marker = last.map(|(record, stage)| Place::of(record, *stage, input.stage).to_string());
        let arn = |record: &FunctionRecord| Arn::from(FunctionArn { account, name: record.name.clone() });
        let arns: Vec<_> = items.iter().map(|(record, _)| arn(record)).collect();
        let uses = references::counts(&*cx.engine, &arns).await?;
        let summary = |((record, stage), uses): ((FunctionRecord, Stage), u64)| {
            FunctionSummary::associated(account, record, stage, uses > 0)
        };
        let summaries = items.into_iter().zip(uses).map(summary).collect::<Result<_, _>>()?;
        Ok(Output { function_list: Page::new(input.marker, max_items, summaries, next_marker) })
    }
}

/// Where a page ends.
struct Place {
    name: String,
    /// The stage that was listed last, where the function has another one to list.
    stage: Option<Stage>,
}

impl Place {
    /// The place behind a stage of a function, in a list of one stage or of all.
    fn of(record: &FunctionRecord, stage: Stage, listed: Option<Stage>) -> Place {
        let between = listed.is_none() && stage == Stage::Development && record.live.is_some();
        Place { name: record.name.clone(), stage: between.then_some(stage) }
    }

    /// Reads a marker. One between two stages belongs to a list of all stages.
    fn parse(marker: &str, listed: Option<Stage>) -> Result<Place, ServiceError> {
        let (name, stage) = match marker.split_once('.') {
            Some((name, stage)) if listed.is_none() && stage == Stage::Development.as_str() => {
                (name, Some(Stage::Development))
            }
            Some(_) | None => (marker, None),
        };
        if function::is_name(name) {
            Ok(Place { name: name.to_owned(), stage })
        } else {
            Err(page::unknown_marker())
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.stage {
            None => f.write_str(&self.name),
            Some(stage) => write!(f, "{}.{}", self.name, stage.as_str()),
        }
    }
}
