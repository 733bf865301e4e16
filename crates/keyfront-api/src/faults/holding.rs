//! What a resource meets that is about to be created or changed.

use std::time::Duration;

use keyfront_domain::arn::Arn;

use super::{Faults, OperationName};

/// What stands for an invalidation of a distribution or a tenant among what is held back: it has no ARN of its own.
pub(crate) fn invalidation(owner: &Arn, id: &str) -> Arn {
    Arn::new(owner.account, owner.kind(), format!("{}/invalidation/{id}", owner.id()))
}

/// Whether a resource stays unsettled once it is created or changed: PROVISIONING, InProgress and the like. Dropped
/// before that, because the request was refused, failed or given up, it sets the rule back as if nothing had been asked
/// for. Only the chance that a share drew stays drawn.
#[must_use]
pub(crate) struct Holding<'f> {
    faults: &'f Faults,
    operation: OperationName,
    resource: Arn,
    /// The rule that holds it back, and for how long, if not until the rule is removed.
    rule: Option<(u64, Option<Duration>)>,
}

impl<'f> Holding<'f> {
    /// A resource that this rule holds back, if any.
    pub(super) fn new(
        faults: &'f Faults,
        operation: OperationName,
        resource: Arn,
        rule: Option<(u64, Option<Duration>)>,
    ) -> Self {
        Holding { faults, operation, resource, rule }
    }

    /// Whether the resource stays unsettled.
    pub(crate) fn holds(&self) -> bool {
        self.rule.is_some()
    }

    /// For how long it stays so, where that is known.
    pub(crate) fn time(&self) -> Option<Duration> {
        self.rule.and_then(|(_, time)| time)
    }

    /// How much longer than usual it takes to settle: not at all without a fault, and without one that has a time. What
    /// a rule holds back until it is removed is remembered elsewhere.
    pub(crate) fn longer(&self) -> Duration {
        self.time().unwrap_or_default()
    }

    /// The resource was created or changed: it has met the fault.
    pub(crate) fn met(mut self) {
        let Some((rule, _)) = self.rule.take() else { return };
        let state = self.faults.state();
        // Removed in the meantime, it holds nothing back.
        if let Some(active) = state.rules.iter().find(|active| active.id == rule) {
            let (rule, resource) = (&active.rule.written, &self.resource);
            tracing::info!(id = active.id, %rule, %resource, "a resource meets a fault");
            self.faults.count(self.operation, active);
        }
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        let Some((rule, _)) = self.rule else { return };
        let mut state = self.faults.state();
        state.holds.remove(&self.resource);
        if let Some(active) = state.rules.iter_mut().find(|active| active.id == rule) {
            active.left = active.left.map(|left| left.saturating_add(1));
            active.hits = active.hits.saturating_sub(1);
        }
    }
}
