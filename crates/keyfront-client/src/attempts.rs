//! Counts how often the SDK sends a request: one that it sent twice may meet its own effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_cloudfrontkeyvaluestore::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_cloudfrontkeyvaluestore::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudfrontkeyvaluestore::error::BoxError;

use crate::error::ClientError;

/// Counts the attempts of one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptCounter(Arc<AtomicU32>);

impl AttemptCounter {
    /// The failure of the call, which says whether there were attempts before the last one.
    pub(crate) fn mark(&self, mut error: ClientError) -> ClientError {
        error.repeated = self.0.load(Ordering::Relaxed) > 1;
        error
    }
}

impl Intercept for AttemptCounter {
    fn name(&self) -> &'static str {
        "AttemptCounter"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
