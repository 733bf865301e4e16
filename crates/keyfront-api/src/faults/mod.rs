//! Configured faults, so that people can see what their code does when the service misbehaves.
//!
//! A [`Rule`] says which requests get which fault; [`Faults`] holds the rules of one server and chooses the
//! requests. Nothing here refuses or waits: the pipeline asks what to inject into a request, once it is
//! verified and authorized, and does it. Only `provisioning` is asked for elsewhere: by the operations whose
//! resources take a while to settle, by what shows these, and by the runner that makes stores ready.
//!
//! Rules are kept in memory alone. A restart forgets them, and makes ready what one of them held back.

mod error;
mod holding;
mod operations;
mod rule;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Metric;
use serde::Serialize;
use tokio::sync::watch;

pub use error::{RuleError, operation_advice};
pub(crate) use holding::{Holding, invalidation};
pub(crate) use operations::nearest;
pub use operations::{OperationName, Operations};
pub(crate) use rule::InjectedError;
pub use rule::{Kind, MAX_LATENCY_MS, MAX_PROVISIONING_SECONDS, NewRule, Rule};

use rule::Fault;

/// The operation's own answer is not to be sent: the server finds this among the extensions of the
/// response and ends the connection, or the stream of HTTP/2, instead.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer is not sent, because a fault drops it")]
pub struct Unanswered;

/// The rules of one server.
#[derive(Default)]
pub struct Faults {
    /// Whether there are any; all that a request asks when there are none.
    any: AtomicBool,
    state: Mutex<State>,
    hits: Family<Hit, Counter>,
}

#[derive(Default)]
struct State {
    last_id: u64,
    /// In the order in which they were set.
    rules: Vec<Active>,
    /// The resources that stay unsettled.
    holds: HashMap<Arn, Hold>,
}

/// A rule in force.
struct Active {
    id: u64,
    rule: Rule,
    hits: u64,
    /// How many more requests it chooses, if it counts.
    left: Option<u64>,
    chance: Rng,
}

/// What keeps a resource unsettled, such as a store PROVISIONING.
struct Hold {
    rule: u64,
    time: Option<Duration>,
    /// Nothing is ever sent: it closes with the hold.
    open: watch::Sender<()>,
}

/// A label set of the counter.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Hit {
    service: &'static str,
    operation: &'static str,
    fault: &'static str,
}

/// A rule as an operator sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listed {
    /// What removes it.
    pub id: u64,
    /// The rule in one line, as the command line takes it.
    pub rule: String,
    /// The rule by its parts. A share that was given no seed shows the one it got.
    #[serde(flatten)]
    pub written: NewRule,
    /// Requests that met it so far.
    pub hits: u64,
    /// Requests that it still chooses, if it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
}

/// What to inject into a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Injection {
    /// Time before anything else.
    pub(crate) latency: Duration,
    /// The answer in place of the operation's.
    pub(crate) error: Option<InjectedError>,
    /// The operation's answer is not sent.
    pub(crate) unanswered: bool,
}

impl Faults {
    /// Puts a rule in force.
    pub fn set(&self, mut rule: Rule) -> Listed {
        if rule.written.share.is_some() && rule.written.seed.is_none() {
            // Shown, so that a run that found something can be repeated; short, so that it can be typed.
            rule.written.seed = Some(fastrand::u64(0..1_000_000));
        }
        let mut state = self.state();
        state.last_id += 1;
        let active = Active {
            id: state.last_id,
            hits: 0,
            left: rule.written.count,
            chance: Rng::with_seed(rule.written.seed.unwrap_or_default()),
            rule,
        };
        let listed = active.listed();
        tracing::warn!(id = active.id, rule = listed.rule, "a fault is set: requests will fail on purpose");
        state.rules.push(active);
        self.any.store(true, Ordering::Release);
        listed
    }

    /// The rules in force, in the order in which they were set.
    pub fn list(&self) -> Vec<Listed> {
        self.state().rules.iter().map(Active::listed).collect()
    }

    /// Removes a rule, which settles what it holds back; `None` when there is none of that id.
    pub fn remove(&self, id: u64) -> Option<Listed> {
        self.remove_where(|active| active.id == id).pop()
    }

    /// Removes all rules, as [`Faults::remove`] does.
    pub fn clear(&self) -> Vec<Listed> {
        self.remove_where(|_any| true)
    }

    fn remove_where(&self, chosen: impl Fn(&Active) -> bool) -> Vec<Listed> {
        let mut state = self.state();
        let removed: Vec<_> = state.rules.extract_if(.., |active| chosen(active)).collect();
        state.holds.retain(|_, hold| !removed.iter().any(|active| active.id == hold.rule));
        self.any.store(!state.rules.is_empty(), Ordering::Release);
        for active in &removed {
            tracing::info!(id = active.id, rule = %active.rule.written, "a fault is removed");
        }
        removed.iter().map(Active::listed).collect()
    }

    /// Chooses what to inject into the next request of this operation: every latency that chooses it, and the first
    /// other fault that does.
    pub(crate) fn choose(&self, operation: OperationName, account: AccountId, request_id: &str) -> Injection {
        let mut injection = Injection::default();
        if !self.any.load(Ordering::Acquire) {
            return injection;
        }
        let mut state = self.state();
        for active in &mut state.rules {
            let decided = injection.error.is_some() || injection.unanswered;
            let fault = active.rule.fault;
            let considered = match fault {
                Fault::Latency(_) => true,
                Fault::Error(_) | Fault::Drop => !decided,
                Fault::Provisioning(_) => false,
            };
            if !considered || !active.chooses(operation, account) {
                continue;
            }
            let OperationName { service, operation: name } = operation;
            let (id, rule) = (active.id, &active.rule.written);
            tracing::info!(id, %rule, service, operation = name, request_id, "a request meets a fault");
            self.count(operation, active);
            match fault {
                Fault::Latency(more) => injection.latency += more,
                Fault::Error(error) => injection.error = Some(error),
                Fault::Drop => injection.unanswered = true,
                Fault::Provisioning(_) => {}
            }
        }
        self.sweep(&mut state);
        injection
    }

    /// What the resource that `operation` is about to create or change meets: whether it stays unsettled. A store does
    /// until [`Faults::ready`] returns or [`Faults::release`] is called; asked before it exists, so that no runner
    /// can be faster. A resource that is then not created or changed has met nothing.
    pub(crate) fn hold(&self, operation: OperationName, resource: Arn) -> Holding<'_> {
        if !self.any.load(Ordering::Acquire) {
            return Holding::new(self, operation, resource, None);
        }
        let mut state = self.state();
        let hold = state.rules.iter_mut().find_map(|active| {
            let Fault::Provisioning(time) = active.rule.fault else { return None };
            active.chooses(operation, resource.account).then(|| Hold {
                rule: active.id,
                time,
                open: watch::Sender::new(()),
            })
        });
        let rule = hold.as_ref().map(|hold| (hold.rule, hold.time));
        state.holds.extend(hold.map(|hold| (resource.clone(), hold)));
        Holding::new(self, operation, resource, rule)
    }

    /// Whether a rule keeps this resource unsettled until it is removed.
    pub(crate) fn holds(&self, resource: &Arn) -> bool {
        self.any.load(Ordering::Acquire)
            && self.state().holds.get(resource).is_some_and(|hold| hold.time.is_none())
    }

    /// Returns once no rule keeps this store PROVISIONING any more, at once for nearly every store.
    pub(crate) async fn ready(&self, store: &Arn) {
        let hold = self.state().holds.get(store).map(|hold| (hold.time, hold.open.subscribe()));
        if let Some((time, mut open)) = hold {
            let removed = async { open.changed().await.is_err() };
            match time {
                Some(time) => drop(tokio::time::timeout(time, removed).await),
                None => drop(removed.await),
            }
            self.release(store);
        }
    }

    /// Forgets that a resource stays unsettled, because its time is over or it was deleted.
    pub(crate) fn release(&self, resource: &Arn) {
        if !self.any.load(Ordering::Acquire) {
            return;
        }
        let mut state = self.state();
        if state.holds.remove(resource).is_some() {
            self.sweep(&mut state);
        }
    }

    /// Requests that met a fault, for the metrics.
    pub(crate) fn hits(&self) -> impl Metric + use<> {
        self.hits.clone()
    }

    /// Removes rules that are used up. One that still holds something back stays, because removing it is what
    /// ends that.
    fn sweep(&self, state: &mut State) {
        let State { rules, holds, .. } = state;
        rules.retain(|active| {
            let done = active.left == Some(0) && !holds.values().any(|hold| hold.rule == active.id);
            if done {
                tracing::info!(id = active.id, rule = %active.rule.written, "a fault is used up");
            }
            !done
        });
        self.any.store(!rules.is_empty(), Ordering::Release);
    }

    fn count(&self, operation: OperationName, active: &Active) {
        let OperationName { service, operation } = operation;
        let fault = active.rule.written.fault.as_str();
        self.hits.get_or_create(&Hit { service, operation, fault }).inc();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    /// Whether a request meets this rule. To ask counts, and draws the rule's next chance.
    fn chooses(&mut self, operation: OperationName, account: AccountId) -> bool {
        if self.left == Some(0) || !self.rule.covers(operation, account) {
            return false;
        }
        if self.rule.written.share.is_some_and(|share| self.chance.f64() >= share) {
            return false;
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.hits += 1;
        true
    }

    fn listed(&self) -> Listed {
        Listed {
            id: self.id,
            rule: self.rule.written.to_string(),
            written: self.rule.written.clone(),
            hits: self.hits,
            left: self.left,
        }
    }
}

#[cfg(test)]
mod tests;
