//! ListConnectionFunctions: the stages of the account's connection functions, in the order of creation, DEVELOPMENT
//! before LIVE.
//!
//! Without a stage a function that was published is listed twice, once for each stage, as functions are. A page may then
//! end between the two; its marker is the id with the stage behind a dot, which no id has.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::function::Stage;
use keyfront_error::{Code, ServiceError};
use keyfront_store::list::PageRequest;
use keyfront_store::records::ResourceRecord;
use keyfront_store::{references, resources};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::{self, Kept};
use crate::context::{Caller, Context};
use crate::control::page;
use crate::operation::{Operation, WholeAccount};

pub(super) struct ListConnectionFunctions;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    marker: Option<String>,
    max_items: Option<i64>,
    stage: Option<Stage>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    connection_functions: Vec<Value>,
}

impl Operation for ListConnectionFunctions {
    const NAME: &'static str = "ListConnectionFunctions";
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
        let (account, kind) = (caller.account(), ResourceKind::CONNECTION_FUNCTION);
        let max_items = page::max_items(input.max_items.map(|number| number.to_string()).as_deref())?;
        let marker = input.marker.as_deref().unwrap_or_default();
        let (after, between) = match marker.strip_suffix(".DEVELOPMENT") {
            Some(id) if input.stage.is_none() => (id, true),
            Some(_) | None => (marker, false),
        };
        let stages: &[Stage] = match &input.stage {
            Some(stage) => std::slice::from_ref(stage),
            None => &[Stage::Development, Stage::Live],
        };
        let mut items = Vec::new();
        if between {
            let arn = Arn::new(account, kind, after);
            let kept = document::find(cx, &arn).await.map_err(|_gone| page::unknown_marker())?;
            items.push((arn, Stage::Live, kept));
        }
        // One that cannot be read is not passed over: reading it below fails.
        let is_listed = |record: &ResourceRecord| {
            Kept::read(record).map_or(true, |kept| stages.iter().any(|stage| kept.stage(*stage).is_ok()))
        };
        let after = Some(after).filter(|after| !after.is_empty());
        let request = PageRequest { filter: &is_listed, ..PageRequest::new(after, max_items) };
        let listed = resources::list(&*cx.engine, account, kind, request).await.map_err(page::aborted)?;
        for record in &listed.items {
            let kept = Kept::read(record)?;
            let arn = Arn::new(account, kind, record.id.as_str());
            items.extend(stages.iter().map(|stage| (arn.clone(), *stage, kept.clone())));
        }
        items.retain(|(_, stage, kept)| kept.stage(*stage).is_ok());
        let more = listed.more || items.len() > max_items;
        items.truncate(max_items);
        let next_marker = items.last().filter(|_| more).map(|(arn, stage, kept)| {
            let between =
                input.stage.is_none() && *stage == Stage::Development && kept.stage(Stage::Live).is_ok();
            if between { format!("{}.DEVELOPMENT", arn.id()) } else { arn.id().to_owned() }
        });
        let arns: Vec<_> = items.iter().map(|(arn, ..)| arn.clone()).collect();
        let uses = references::counts(&*cx.engine, &arns).await?;
        let summary =
            |((arn, stage, kept), uses): ((Arn, Stage, Kept), u64)| kept.associated(&arn, stage, uses > 0);
        let connection_functions = items.into_iter().zip(uses).map(summary).collect::<Result<_, _>>()?;
        Ok(Output { next_marker, connection_functions })
    }
}
