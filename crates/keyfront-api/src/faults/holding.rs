//! What a store meets that is about to be created.

use keyfront_domain::arn::KeyValueStoreArn;

use super::{Faults, OperationName};

/// Whether a store stays PROVISIONING once it is created. Dropped before that, because it was refused, failed
/// or given up, it sets the rule back as if the store had never been asked for. Only the chance that a share drew stays drawn.
#[must_use]
pub(crate) struct Holding<'f> {
    faults: &'f Faults,
    operation: OperationName,
    store: KeyValueStoreArn,
    /// The rule that holds it back.
    rule: Option<u64>,
}

impl<'f> Holding<'f> {
    /// A store that this rule holds back, if any.
    pub(super) fn new(
        faults: &'f Faults,
        operation: OperationName,
        store: KeyValueStoreArn,
        rule: Option<u64>,
    ) -> Self {
        Holding { faults, operation, store, rule }
    }

    /// Whether the store stays PROVISIONING.
    pub(crate) fn holds(&self) -> bool {
        self.rule.is_some()
    }

    /// The store was created: it has met the fault.
    pub(crate) fn created(mut self) {
        let Some(rule) = self.rule.take() else { return };
        let state = self.faults.state();
        // Removed in the meantime, it holds nothing back.
        if let Some(active) = state.rules.iter().find(|active| active.id == rule) {
            let (rule, store) = (&active.rule.written, &self.store);
            tracing::info!(id = active.id, %rule, %store, "a store meets a fault");
            self.faults.count(self.operation, active);
        }
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        let Some(rule) = self.rule else { return };
        let mut state = self.faults.state();
        state.holds.remove(&self.store);
        if let Some(active) = state.rules.iter_mut().find(|active| active.id == rule) {
            active.left = active.left.map(|left| left.saturating_add(1));
            active.hits = active.hits.saturating_sub(1);
        }
    }
}
