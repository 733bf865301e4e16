//! What the operations of functions share: how a function is shown, what a client proposes, what is refused.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use keyfront_domain::arn::{Arn, FunctionArn};
use keyfront_domain::function::{self, FunctionConfig, Stage};
use keyfront_domain::{AccountId, Quotas, etag};
use keyfront_error::{Code, ServiceError};
use keyfront_store::functions::{self, Draft, Refused};
use keyfront_store::records::{FunctionRecord, StageRecord};
use keyfront_store::references::{self, InUse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::configuration::counted;
use crate::context::Context;
use crate::control::if_match;
use crate::operation::{Members, Subject, text};

/// A function as the control plane shows one of its stages.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FunctionSummary {
    name: String,
    status: &'static str,
    function_config: Map<String, Value>,
    function_metadata: FunctionMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionMetadata {
    #[serde(rename = "FunctionARN")]
    function_arn: String,
    stage: &'static str,
    created_time: i64,
    last_modified_time: i64,
}

impl FunctionSummary {
    /// The summary of a stage, as distributions use the function now; the refusal when it has not got the stage.
    pub(super) async fn of(
        cx: &Context,
        account: AccountId,
        record: FunctionRecord,
        stage: Stage,
    ) -> Result<FunctionSummary, ServiceError> {
        let arn = FunctionArn { account, name: record.name.clone() };
        let associated = references::count(&*cx.engine, &Arn::from(arn)).await? > 0;
        FunctionSummary::associated(account, record, stage, associated)
    }

    /// The summary of a stage of a function that a distribution uses, or none; the refusal when it has not got the stage.
    pub(super) fn associated(
        account: AccountId,
        record: FunctionRecord,
        stage: Stage,
        associated: bool,
    ) -> Result<FunctionSummary, ServiceError> {
        let arn = FunctionArn { account, name: record.name.clone() };
        let status = status(&record, stage, associated);
        let shown = match stage {
            Stage::Development => Some(record.development),
            Stage::Live => record.live,
        };
        let StageRecord { config, created_ms, modified_ms, .. } = shown.ok_or_else(not_found)?;
        let function_metadata = FunctionMetadata {
            function_arn: arn.to_string(),
            stage: stage.as_str(),
            created_time: created_ms,
            last_modified_time: modified_ms,
        };
        Ok(FunctionSummary { name: arn.name, status, function_config: config, function_metadata })
    }
}

/// What was not published, or has changed since, is unpublished. What was published is deployed once a distribution
/// uses it.
fn status(record: &FunctionRecord, stage: Stage, associated: bool) -> &'static str {
    match stage {
        Stage::Development if !record.is_published() => "UNPUBLISHED",
        Stage::Development | Stage::Live if associated => "DEPLOYED",
        Stage::Development | Stage::Live => "UNASSOCIATED",
    }
}

/// The answer that shows a stage and the ETag that the next change must name.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    function_summary: FunctionSummary,
    #[serde(rename = "ETag")]
    etag: String,
}

impl Described {
    /// The answer for a stage; the refusal when the function has not got it.
    pub(super) async fn of(
        cx: &Context,
        account: AccountId,
        record: FunctionRecord,
        stage: Stage,
    ) -> Result<Described, ServiceError> {
        let etag = etag_of(&record, stage).ok_or_else(not_found)?;
        let function_summary = FunctionSummary::of(cx, account, record, stage).await?;
        Ok(Described { function_summary, etag })
    }
}

/// The ETag of a stage.
pub(super) fn etag_of(record: &FunctionRecord, stage: Stage) -> Option<String> {
    record.stage(stage).map(|stage| etag::control_plane(stage.version))
}

/// The function that the member `Name` names, in the caller's account, whether it exists or not.
pub(super) struct FunctionByName(FunctionArn);

impl FunctionByName {
    /// Its ARN.
    pub(super) fn named(self) -> FunctionArn {
        self.0
    }
}

impl Subject for FunctionByName {
    async fn find(_cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        Ok(FunctionByName(FunctionArn { account, name: text(input, "Name").to_owned() }))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

/// What a client proposes, checked as far as it can be without the store.
pub(super) fn draft(
    mut config: Map<String, Value>,
    code: &str,
    account: AccountId,
    quotas: &Quotas,
) -> Result<Draft, ServiceError> {
    let code = Bytes::from(STANDARD.decode(code).map_err(ServiceError::internal)?);
    function::check_code(&code, quotas)?;
    let view = FunctionConfig::deserialize(&config).map_err(ServiceError::internal)?;
    let store = view.check(account)?;
    counted::complete(&mut config);
    Ok(Draft { config, store, code })
}

/// The function of an ARN, or the refusal of a name that no function has.
pub(super) async fn find(cx: &Context, arn: &FunctionArn) -> Result<FunctionRecord, ServiceError> {
    functions::find(&*cx.engine, arn).await?.ok_or_else(not_found)
}

/// The refusal of a name that no function has, or of a stage that a function has not got.
pub(super) fn not_found() -> ServiceError {
    ServiceError::new(Code::NoSuchFunctionExists, "The specified function does not exist.")
}

/// What the store refuses, in the words of the operations of functions.
pub(super) fn refused(arn: &FunctionArn, refused: Refused) -> ServiceError {
    match refused {
        Refused::Absent => not_found(),
        Refused::Stale => if_match::stale(),
        Refused::NameTaken => ServiceError::new(
            Code::FunctionAlreadyExists,
            "A function with the same name already exists in this AWS account.",
        ),
        Refused::LimitReached => ServiceError::new(
            Code::TooManyFunctions,
            "You have reached the maximum number of CloudFront functions for this AWS account.",
        ),
        Refused::NoSuchStore(store) => function::no_such_store(&store.to_string()),
        Refused::StoreNotReady(store) => function::store_not_provisioned(&store.to_string()),
        Refused::InUse(InUse { count, .. }) => {
            let name = &arn.name;
            let message = format!("Cannot delete function {name}, it is in use by {count} distributions");
            ServiceError::with(Code::FunctionInUse, message)
        }
    }
}
