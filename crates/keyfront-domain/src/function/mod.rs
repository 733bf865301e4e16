//! CloudFront Functions: what their name, configuration and code may be.
//!
//! Whether the code can run is not decided here: CloudFront accepts any bytes, and so does this. Nor is it
//! known here which key value stores exist.

mod config;
mod runtime;
mod stage;

use keyfront_error::{Code, ServiceError};

pub use config::{FunctionConfig, KeyValueStoreAssociation, no_such_store, store_not_provisioned};
pub use runtime::Runtime;
pub use stage::Stage;

use crate::Quotas;
use crate::counted::more_than;

/// Whether a function may have this name: 1 to 64 letters, digits, `-` and `_` (AWS: `FunctionName`).
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Refuses code that is larger than the quota (AWS: "Quotas on CloudFront Functions").
///
/// # Errors
/// `FunctionSizeLimitExceeded`, with both sizes.
pub fn check_code(code: &[u8], quotas: &Quotas) -> Result<(), ServiceError> {
    let limit = quotas.function_code_bytes;
    if !more_than(code.len(), limit) {
        return Ok(());
    }
    let message = format!("The function is too large: it has {} bytes and may have {limit}.", code.len());
    Err(ServiceError::with(Code::FunctionSizeLimitExceeded, message))
}

#[cfg(test)]
mod tests;
