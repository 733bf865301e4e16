//! Functions by ARN and stage, prepared to run.

mod prepared;

use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::{FunctionConfig, Runtime, Stage};
use keyfront_functions::Function;
use keyfront_store::functions::entries;
use keyfront_store::records::{FunctionRecord, StageRecord};
use keyfront_store::{Engine, Entry, Range, StoreError, Version};
use serde::Deserialize;

pub use prepared::PreparationFailed;

use self::prepared::PreparedFunctions;
use crate::Settings;
use crate::followed::Followed;
use crate::projection::{Projection, RangeWrite, Written};

/// Functions that follow an engine, by ARN and stage, and what was prepared of their code. Clones share them.
#[derive(Clone)]
pub struct Functions {
    by_arn: Followed<ByArn>,
    prepared: Arc<PreparedFunctions>,
}

/// A stage of a function at one version, ready to run.
#[derive(Clone)]
pub struct StagedFunction {
    /// Configuration, version and times of the stage, and the key value store that it reads.
    pub stage: Arc<StageRecord>,
    /// The code.
    pub function: Function,
}

/// Why a function is not there.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be prepared.
    #[error(transparent)]
    Preparation(#[from] PreparationFailed),
}

impl Functions {
    /// Follows an engine. It has to be called on a Tokio runtime with timers.
    pub fn follow(engine: Arc<dyn Engine>, settings: &Settings) -> Functions {
        let by_arn = Followed::follow(engine, ByArn, Some(settings.forget_after));
        Functions { by_arn, prepared: Arc::new(PreparedFunctions::new(settings)) }
    }

    /// A stage of a function as one commit left it, ready to run. `None`: the function does not exist, or it was never
    /// published.
    ///
    /// It waits only for what is not loaded, or not prepared, yet. The same code is prepared once, however many
    /// functions, stages and versions have it.
    ///
    /// # Errors
    /// The function could not be read or prepared. The next call tries again.
    pub async fn load(
        &self,
        arn: &FunctionArn,
        stage: Stage,
    ) -> Result<Option<StagedFunction>, FunctionError> {
        let Some(stages) = self.by_arn.load(arn).await? else { return Ok(None) };
        let Some(held) = stages.stage(stage) else { return Ok(None) };
        let function = self.prepare(held.code.clone(), held.runtime).await?;
        Ok(Some(StagedFunction { stage: Arc::clone(&held.record), function }))
    }

    /// Code, ready to run: prepared on a thread that answers no request, or before.
    ///
    /// # Errors
    /// The thread was ended. The next call tries again.
    pub async fn prepare(&self, code: Bytes, runtime: Runtime) -> Result<Function, PreparationFailed> {
        self.prepared.get(code, runtime).await
    }

    /// The bytes that prepared functions take.
    pub fn prepared_bytes(&self) -> u64 {
        self.prepared.bytes()
    }

    /// Waits until a commit is reflected: from then on readers see what it wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        self.by_arn.reached(version).await;
    }
}

/// The projection: a part is a function with both its stages.
struct ByArn;

/// A function after one commit.
struct Stages {
    record: FunctionRecord,
    codes: [Option<Bytes>; 2],
    development: Option<StageWithCode>,
    live: Option<StageWithCode>,
}

struct StageWithCode {
    record: Arc<StageRecord>,
    runtime: Runtime,
    code: Bytes,
}

impl Stages {
    /// Puts together what a commit left. A verb that changes code changes the record too, so a stage never has the code
    /// of another version.
    fn of(record: FunctionRecord, codes: [Option<Bytes>; 2]) -> Result<Stages, StoreError> {
        let [development, live] = &codes;
        let development = StageWithCode::of(Some(&record.development), development.as_ref())?;
        let live = StageWithCode::of(record.live.as_ref(), live.as_ref())?;
        Ok(Stages { record, codes, development, live })
    }

    fn stage(&self, stage: Stage) -> Option<&StageWithCode> {
        match stage {
            Stage::Development => self.development.as_ref(),
            Stage::Live => self.live.as_ref(),
        }
    }
}

impl StageWithCode {
    fn of(record: Option<&StageRecord>, code: Option<&Bytes>) -> Result<Option<StageWithCode>, StoreError> {
        let (Some(record), Some(code)) = (record, code) else { return Ok(None) };
        let config = FunctionConfig::deserialize(&record.config).map_err(|error| StoreError::Read {
            message: "the configuration of a function cannot be read".to_owned(),
            source: Some(Arc::new(error)),
        })?;
        let record = Arc::new(record.clone());
        Ok(Some(StageWithCode { record, runtime: config.runtime, code: code.clone() }))
    }
}

impl Projection for ByArn {
    type Part = FunctionArn;
    type Value = Stages;

    /// Its record, then the code of DEVELOPMENT, then the code of LIVE.
    fn ranges(&self, arn: &FunctionArn) -> Vec<Range> {
        entries::ranges(arn).into()
    }

    fn from_snapshot(&self, _arn: &FunctionArn, ranges: &[Vec<Entry>]) -> Result<Option<Stages>, StoreError> {
        let [record, development, live] = ranges else { return Ok(None) };
        let Some(record) = record.first() else { return Ok(None) };
        let record = entries::read_record(&record.value)?;
        let code =
            |entries: &[Entry]| entries.first().map(|entry| entries::read_code(&entry.value)).transpose();
        Ok(Some(Stages::of(record, [code(development)?, code(live)?])?))
    }

    fn apply(
        &self,
        _arn: &FunctionArn,
        value: &Stages,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<Stages>, StoreError> {
        let mut record = Some(value.record.clone());
        let mut codes = value.codes.clone();
        for RangeWrite { range, write } in writes {
            let written = match write {
                Written::Put { value, .. } => Some(*value),
                // Each range has one key, so to remove any of it is to remove all.
                Written::Deleted { .. } | Written::Cleared | Written::DeletedRange { .. } => None,
            };
            match range.checked_sub(1) {
                None => record = written.map(entries::read_record).transpose()?,
                Some(index) => {
                    if let Some(code) = codes.get_mut(index) {
                        *code = written.map(entries::read_code).transpose()?;
                    }
                }
            }
        }
        record.map(|record| Stages::of(record, codes)).transpose()
    }
}
