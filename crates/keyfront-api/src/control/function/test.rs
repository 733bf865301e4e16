//! TestFunction: runs a stage of a function once, on an event that the request brings.
//!
//! Only what the function does is tested: what it returns is not judged by the rules for headers, and an origin
//! that it chooses is not used.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::function::{FunctionConfig, Stage};
use keyfront_domain::pairs::StorePairs;
use keyfront_error::{Code, ServiceError};
use keyfront_functions::event::{Event, InvalidEvent};
use keyfront_functions::{Invocation, Outcome};
use keyfront_store::functions;
use keyfront_store::records::StageRecord;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::{self, FunctionByName, FunctionSummary};
use crate::context::{Caller, Context};
use crate::control::if_match;
use crate::operation::Operation;
use crate::pipeline::refusals;

pub(super) struct TestFunction;

/// How long the view is waited for. It follows within milliseconds.
const VIEW_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    if_match: Option<String>,
    #[serde(default)]
    stage: Stage,
    event_object: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    test_result: TestResult,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TestResult {
    function_summary: FunctionSummary,
    compute_utilization: String,
    function_execution_logs: Vec<String>,
    /// Empty when the function did not fail.
    function_error_message: String,
    /// What it returned, as JSON; empty when it failed.
    function_output: String,
}

impl Operation for TestFunction {
    const NAME: &'static str = "TestFunction";
    type Subject = FunctionByName;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::NoSuchFunctionExists, Code::TestFunctionFailed]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        function: FunctionByName,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let (account, stage) = (caller.account(), input.stage);
        let arn = function.named();
        let if_match = if_match::of(input.if_match.as_deref(), document::find(cx, &arn)).await?;
        let found = functions::find_code(&*cx.engine, &arn, stage).await?;
        let (record, code) = found.ok_or_else(document::not_found)?;
        if document::etag_of(&record, stage).as_deref() != Some(if_match) {
            return Err(if_match::not_valid());
        }
        let event = STANDARD.decode(&input.event_object).map_err(ServiceError::internal)?;
        let Ok(event) = Event::from_json(&event) else {
            return Err(ServiceError::with(Code::TestFunctionFailed, InvalidEvent::MESSAGE));
        };
        let held = record.stage(stage).ok_or_else(document::not_found)?;
        let runtime = view(held)?.runtime;
        let store = associated_pairs(cx, account, held.store).await?;
        let (seed, _) = cx.ids.uuid().as_u64_pair();
        let invocation = Invocation { event, store, now_ms: cx.now_ms(), seed };
        let function = cx.view.functions.prepare(code, runtime).await.map_err(ServiceError::internal)?;
        let outcome = cx.functions.invoke(account, &function, invocation).await;
        let outcome = outcome.map_err(|_overloaded| refusals::throttled())?;
        let summary = FunctionSummary::of(cx, account, record, stage).await?;
        Ok(Output { test_result: result(summary, outcome) })
    }
}

fn result(function_summary: FunctionSummary, outcome: Outcome) -> TestResult {
    let (function_output, function_error_message) = match outcome.result {
        Ok(returned) => (returned.to_json(), String::new()),
        Err(failure) => (String::new(), failure.message()),
    };
    TestResult {
        function_summary,
        compute_utilization: outcome.used.share.to_string(),
        function_execution_logs: outcome.logs,
        function_error_message,
        function_output,
    }
}

/// The rules' view of what is kept.
fn view(stage: &StageRecord) -> Result<FunctionConfig, ServiceError> {
    FunctionConfig::deserialize(&stage.config).map_err(ServiceError::internal)
}

/// The pairs of the key value store that a stage names, all of one moment, with the store's id. A store that
/// cannot be read yet has none.
pub(in crate::control) async fn associated_pairs(
    cx: &Context,
    account: AccountId,
    store: Option<Uuid>,
) -> Result<Option<(String, Arc<StorePairs>)>, ServiceError> {
    let Some(id) = store else { return Ok(None) };
    // The caller has often just written what it is to read. While the engine cannot be read, the
    // view serves what it had.
    let seen = cx.view.pairs.reached(cx.engine.stats().version);
    tokio::time::timeout(VIEW_TIMEOUT, seen).await.ok();
    let pairs = cx.view.pairs.load(&KeyValueStoreArn { account, id }).await?;
    let pairs = pairs.unwrap_or_else(|| Arc::new(StorePairs::empty(cx.now_ms(), cx.now_ms())));
    Ok(Some((id.to_string(), pairs)))
}
