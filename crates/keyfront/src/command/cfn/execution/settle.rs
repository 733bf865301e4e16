//! Waits until a resource has the state that it stays in.

use std::time::Duration;

use keyfront_cfn::resource_type::ResourceType;
use serde_json::Value;
use tokio::time::Instant;

use super::Execution;
use crate::command::cfn::api::Current;
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// States on the way to another one.
const PASSING: &[&str] = &["InProgress", "PROVISIONING", "Deploying", "pending", "Updating", "Creating"];

/// The pause between the first two looks; it doubles up to the longest one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// After this time a person is told what is waited for.
const SILENCE: Duration = Duration::from_secs(5);

impl Execution<'_> {
    /// A resource in the state that it stays in.
    pub(super) async fn settled(&self, kind: &ResourceType, key: &str, id: &str) -> Result<Current, Failure> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut told = false;
        loop {
            let current = self.api.read(kind, key).await?;
            let Some(current) = current else {
                if kind.operations.update == kind.operations.create {
                    // A monitoring subscription that is disabled is none.
                    return Ok(Current { shown: Value::Null, etag: None });
                }
                return Err(Failure::new(format!("{id} ({key}) was deleted meanwhile")));
            };
            let status = current.shown.get("Status").and_then(Value::as_str).unwrap_or_default().to_owned();
            if status.to_ascii_lowercase().contains("fail") {
                return Err(Failure::new(format!("{id} ({key}) is {status}: the service could not make it")));
            }
            if !PASSING.iter().any(|passing| passing.eq_ignore_ascii_case(&status)) {
                return Ok(current);
            }
            if began.elapsed() >= self.patience {
                return Err(Failure::new(format!(
                    "{id} ({key}) was {status} for longer than --timeout; deploy again to wait further"
                )));
            }
            if began.elapsed() >= SILENCE && !told && self.output == Output::Text {
                tell(format!("{id} ({key}) is {status}; waiting"));
                told = true;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
