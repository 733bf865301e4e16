//! The engine's entries that hold a function, for readers that follow the engine's commits.

use bytes::Bytes;
use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::Stage;

use crate::records::{Code, FunctionRecord, damaged};
use crate::{Range, Record, StoreError, keyspace};

/// The ranges of a function, of one key each: its record, the code of DEVELOPMENT, the code of LIVE.
pub fn ranges(arn: &FunctionArn) -> [Range; 3] {
    [
        Range::key(keyspace::function(arn).bytes()),
        Range::key(keyspace::function_code(arn, Stage::Development).bytes()),
        Range::key(keyspace::function_code(arn, Stage::Live).bytes()),
    ]
}

/// Reads a record.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read_record(value: &Bytes) -> Result<FunctionRecord, StoreError> {
    FunctionRecord::decode(value).ok_or_else(|| damaged("function"))
}

/// Reads code.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read_code(value: &Bytes) -> Result<Bytes, StoreError> {
    Code::decode(value).map(|code| code.0).ok_or_else(|| damaged("code"))
}
