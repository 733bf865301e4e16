//! The time before the store is asked again after it failed.

use std::time::Duration;

use keyfront_store::StoreError;

use crate::error::chain;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// The time before the store is asked again. A failure of storage does not fail the import, so an import
/// waits until the store answers.
pub(super) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Pause(FIRST)
    }
}

impl Pause {
    /// Logs the failure and waits, each time twice as long, up to a limit.
    pub(super) async fn after(&mut self, problem: &str, error: &StoreError) {
        tracing::error!(error = chain(error), "{problem}; trying again in {:?}", self.0);
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST);
    }
}
