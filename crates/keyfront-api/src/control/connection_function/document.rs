//! What the operations of connection functions share: how one is kept and shown, what a client proposes, what is
//! refused.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::function::{self, FunctionConfig, Runtime, Stage};
use keyfront_domain::{AccountId, etag};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{FunctionRecord, ResourceRecord, StageRecord, Status};
use keyfront_store::resources::{Content, Refused};
use keyfront_store::{Abort, Transaction, references, resources, stores};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::configuration::{self, IN_USE, NOT_FOUND, TAKEN, TOO_MANY, counted};
use crate::context::Context;
use crate::control::if_match;
use crate::error;
use crate::operation::{Members, Subject, text};

/// A connection function as its record keeps it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Its stages, as those of any function.
    pub(super) function: FunctionRecord,
    /// The code of DEVELOPMENT, base64.
    development_code: String,
    /// The code of LIVE, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    live_code: Option<String>,
}

/// What a client proposes, checked.
pub(super) struct Draft {
    config: Map<String, Value>,
    store: Option<KeyValueStoreArn>,
    code: String,
}

impl Draft {
    /// Checks a configuration and code, which is base64.
    pub(super) async fn new(
        cx: &Context,
        account: AccountId,
        mut config: Map<String, Value>,
        code: String,
    ) -> Result<Draft, ServiceError> {
        let size = STANDARD.decode(&code).map_err(ServiceError::internal)?.len();
        if u64::try_from(size).unwrap_or(u64::MAX) > cx.rules().quotas.connection_function_code_bytes {
            return Err(ServiceError::new(
                Code::EntitySizeLimitExceeded,
                "The entity size limit was exceeded.",
            ));
        }
        let view = FunctionConfig::deserialize(&config).map_err(ServiceError::internal)?;
        // Connection functions came after the runtime 1.0, and only the later one has them.
        if view.runtime == Runtime::Js1 {
            return Err(ServiceError::invalid("Runtime"));
        }
        let store = view.check(account)?;
        if let Some(arn) = &store {
            let record = stores::find(&*cx.engine, arn).await?;
            let record = record.ok_or_else(|| function::no_such_store(&arn.to_string()))?;
            if record.status != Status::Ready {
                return Err(function::store_not_provisioned(&arn.to_string()));
            }
        }
        counted::complete(&mut config);
        Ok(Draft { config, store, code })
    }

    fn stage(&self, created_ms: i64, modified_ms: i64, version: u64) -> StageRecord {
        let store = self.store.map(|arn| arn.id);
        StageRecord { config: self.config.clone(), store, created_ms, modified_ms, version }
    }
}

impl Kept {
    /// A new one.
    pub(super) fn new(name: &str, draft: &Draft, now_ms: i64) -> Kept {
        let development = draft.stage(now_ms, now_ms, 1);
        let function = FunctionRecord { name: name.to_owned(), development, live: None, published: None };
        Kept { function, development_code: draft.code.clone(), live_code: None }
    }

    /// Reads a record.
    pub(super) fn read(record: &ResourceRecord) -> Result<Kept, ServiceError> {
        Kept::deserialize(&record.config).map_err(ServiceError::internal)
    }

    /// What the record is to hold.
    pub(super) fn content(&self, account: AccountId) -> Result<Content, ServiceError> {
        let config = serde_json::to_value(self).and_then(serde_json::from_value);
        let config = config.map_err(ServiceError::internal)?;
        let stages = [Some(&self.function.development), self.function.live.as_ref()];
        let stores = stages.into_iter().flatten().filter_map(|stage| stage.store);
        let references: BTreeSet<Arn> = stores.map(|id| KeyValueStoreArn { account, id }.into()).collect();
        Ok(Content { name: Some(self.function.name.clone()), config, references, ..Content::default() })
    }

    /// Replaces DEVELOPMENT.
    pub(super) fn update(&mut self, draft: &Draft, now_ms: i64) {
        let before = &self.function.development;
        self.function.development = draft.stage(before.created_ms, now_ms, before.version.saturating_add(1));
        self.development_code.clone_from(&draft.code);
    }

    /// Copies DEVELOPMENT to LIVE.
    pub(super) fn publish(&mut self, now_ms: i64) {
        let FunctionRecord { development, live, .. } = &self.function;
        let live = StageRecord {
            created_ms: live.as_ref().map_or(now_ms, |live| live.created_ms),
            modified_ms: now_ms,
            version: live.as_ref().map_or(1, |live| live.version.saturating_add(1)),
            ..development.clone()
        };
        self.function.published = Some(development.version);
        self.function.live = Some(live);
        self.live_code = Some(self.development_code.clone());
    }

    /// The code of a stage, base64.
    pub(super) fn code(&self, stage: Stage) -> Result<&str, ServiceError> {
        match stage {
            Stage::Development => Ok(&self.development_code),
            Stage::Live => self.live_code.as_deref().ok_or(NOT_FOUND),
        }
    }

    /// A stage; the refusal where there is none.
    pub(super) fn stage(&self, stage: Stage) -> Result<&StageRecord, ServiceError> {
        self.function.stage(stage).ok_or(NOT_FOUND)
    }

    /// The ETag of a stage.
    pub(super) fn etag(&self, stage: Stage) -> Result<String, ServiceError> {
        Ok(etag::control_plane(self.stage(stage)?.version))
    }

    /// `ConnectionFunctionSummary` of a stage, as distributions use the function now.
    pub(super) async fn summary(&self, cx: &Context, arn: &Arn, stage: Stage) -> Result<Value, ServiceError> {
        self.associated(arn, stage, references::count(&*cx.engine, arn).await? > 0)
    }

    /// `ConnectionFunctionSummary` of a stage. What was published is deployed once a distribution uses it.
    pub(super) fn associated(
        &self,
        arn: &Arn,
        stage: Stage,
        associated: bool,
    ) -> Result<Value, ServiceError> {
        let held = self.stage(stage)?;
        let status = match stage {
            Stage::Development if !self.function.is_published() => "UNPUBLISHED",
            Stage::Development | Stage::Live if associated => "DEPLOYED",
            Stage::Development | Stage::Live => "UNASSOCIATED",
        };
        Ok(json!({
            "Name": self.function.name,
            "Id": arn.id(),
            "ConnectionFunctionConfig": held.config,
            "ConnectionFunctionArn": arn.to_string(),
            "Status": status,
            "Stage": stage.as_str(),
            "CreatedTime": held.created_ms,
            "LastModifiedTime": held.modified_ms,
        }))
    }

    /// The answer that shows a stage and the ETag that the next change must name.
    pub(super) async fn described(
        &self,
        cx: &Context,
        arn: &Arn,
        stage: Stage,
    ) -> Result<Value, ServiceError> {
        let summary = self.summary(cx, arn, stage).await?;
        Ok(json!({ "ConnectionFunctionSummary": summary, "ETag": self.etag(stage)? }))
    }
}

/// Whether the content of a record is that of a function that was published, so that a distribution can use it.
pub(in crate::control) fn is_published(config: &Members) -> bool {
    config.get("function").is_some_and(|function| function.get("live").is_some())
}

/// The connection function that a request names, by its id, its ARN or its name, whether it exists or not.
pub(super) struct ConnectionFunctionById(Arn);

impl ConnectionFunctionById {
    /// Its ARN.
    pub(super) fn named(self) -> Arn {
        self.0
    }
}

impl Subject for ConnectionFunctionById {
    async fn find(cx: &Context, account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let arn = match text(input, "Identifier") {
            "" => Arn::new(account, ResourceKind::CONNECTION_FUNCTION, text(input, "Id")),
            identifier => {
                configuration::identified(cx, account, ResourceKind::CONNECTION_FUNCTION, identifier).await?
            }
        };
        Ok(ConnectionFunctionById(arn))
    }

    fn arn(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

/// The connection function of an ARN.
pub(super) async fn find(cx: &Context, arn: &Arn) -> Result<Kept, ServiceError> {
    Kept::read(&resources::find(&*cx.engine, arn).await?.ok_or(NOT_FOUND)?)
}

/// The connection function of an ARN, if `if_match` is the ETag of its stage DEVELOPMENT.
pub(super) async fn matching(tx: &Transaction<'_>, arn: &Arn, if_match: &str) -> Result<Kept, ServiceError> {
    let kept = Kept::read(&resources::get(tx, arn).await?.ok_or(NOT_FOUND)?)?;
    if kept.etag(Stage::Development)? == if_match { Ok(kept) } else { Err(if_match::stale()) }
}

/// Stores one that was changed.
pub(super) async fn store(
    tx: &Transaction<'_>,
    cx: &Context,
    arn: &Arn,
    kept: &Kept,
) -> Result<(), ServiceError> {
    let content = kept.content(arn.account)?;
    resources::update(tx, arn, None, &content, cx.now_ms()).await.map(drop).map_err(refused)
}

/// What the store refuses, in the words of the operations of connection functions.
pub(super) fn refused(abort: Abort<Refused>) -> ServiceError {
    error::aborted(abort, |refused| match refused {
        Refused::Absent => NOT_FOUND,
        Refused::NameTaken(_) => TAKEN,
        Refused::LimitReached => TOO_MANY,
        Refused::InUse(_) => IN_USE,
        Refused::NoSuchTarget(missing) => function::no_such_store(&missing.target.to_string()),
        Refused::Stale | Refused::CallerReferenceUsed(_) | Refused::DomainNameTaken(_) | Refused::IdUsed => {
            ServiceError::internal(format!("connection functions do not expect {refused:?}"))
        }
    })
}
