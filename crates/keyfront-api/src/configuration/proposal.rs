//! A configuration that a client proposes, checked as far as it can be checked before it is committed.

use std::collections::BTreeSet;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{ResourceRecord, StateRecord};
use keyfront_store::resources::{self, Content, Refused};
use keyfront_store::{Abort, Transaction};
use serde_json::Value;

use super::entity::merged;
use super::refused::as_argument;
use super::{Resource, Target, states, view};
use crate::context::Context;
use crate::control::if_match;
use crate::control::tag::Tags;
use crate::error;
use crate::operation::Members;

/// Members of a request that do not belong to the configuration, where that has no member of its own.
const NOT_CONFIGURED: [&str; 2] = ["Id", "IfMatch"];

/// What a request brings: a configuration and, at creation, tags.
pub(super) struct Sent {
    pub(super) config: Members,
    pub(super) tags: Tags,
}

impl Sent {
    /// Takes the configuration out of an input. The model requires it, so it is there.
    pub(super) fn take<R: Resource>(mut input: Members) -> Result<Sent, ServiceError> {
        let tags =
            input.remove("Tags").map(serde_json::from_value).transpose().map_err(ServiceError::internal)?;
        let config = match R::NAMES.config.map(|member| input.remove(member)) {
            Some(Some(Value::Object(config))) => config,
            Some(_absent) => Members::new(),
            None => {
                input.retain(|member, _| !NOT_CONFIGURED.contains(&member.as_str()));
                input
            }
        };
        Ok(Sent { config, tags: tags.unwrap_or_default() })
    }
}

/// A configuration, completed, and the rules' view of it.
pub(super) struct Proposal<R: Resource> {
    pub(super) config: Members,
    pub(super) view: R::Config,
}

impl<R: Resource> Proposal<R> {
    /// What a request proposes for a new resource.
    pub(super) fn new(sent: Members) -> Result<Proposal<R>, ServiceError> {
        R::check_sent(&sent)?;
        let proposal = Proposal::<R>::completed(sent)?;
        R::check_new(&proposal.view)?;
        Ok(proposal)
    }

    /// What a request proposes for a resource that is there.
    pub(super) fn change(held: &ResourceRecord, sent: &Members) -> Result<Proposal<R>, ServiceError> {
        R::check_sent_change(sent)?;
        R::check_sent(sent)?;
        let config = if R::UPDATES_IN_PART { merged(&held.config, sent) } else { sent.clone() };
        let proposal = Proposal::<R>::completed(config)?;
        R::check_change(&view::<R>(&held.config)?, &proposal.view)?;
        Ok(proposal)
    }

    /// A whole configuration.
    pub(super) fn completed(mut config: Members) -> Result<Proposal<R>, ServiceError> {
        R::complete(&mut config);
        let view = view::<R>(&config)?;
        Ok(Proposal { config, view })
    }

    /// What is to be stored, which takes so much longer to settle than usual, if the rules allow it and everything that
    /// it refers to is there and of use, which the commit of the transaction checks once more.
    pub(super) async fn checked(
        &self,
        tx: &Transaction<'_>,
        cx: &Context,
        arn: &Arn,
        held: Option<&ResourceRecord>,
        longer: Duration,
    ) -> Result<Content, ServiceError> {
        check_alone::<R>(cx, arn.account, &self.view)?;
        let (mut references, mut built_in) = (BTreeSet::new(), BTreeSet::new());
        for (kind, id) in R::references(&self.view) {
            let (target, referred) = (target::<R>(kind)?, Arn::new(arn.account, kind, id));
            if (target.built_in)(id) {
                built_in.insert(referred.clone());
            } else if is_document(kind) {
                let record = resources::get(tx, &referred).await?;
                (target.check)(&record.ok_or_else(|| target.absent.clone())?.config)?;
            }
            references.insert(referred);
        }
        R::check_stored(tx, cx, arn, held, &self.view).await?;
        let shown = match held {
            Some(held) => held.shown.clone(),
            None => R::generated(&self.view, &mut || cx.ids.uuid()),
        };
        let mut content = Content {
            name: R::name(&self.view).map(str::to_owned),
            caller_reference: R::caller_reference(&self.view).map(str::to_owned),
            config: self.config.clone(),
            domain_names: R::domain_names(&self.view, &shown),
            shown,
            state: changing::<R>(cx, longer),
            references,
            built_in,
        };
        R::supplement(tx, cx, arn, held, &self.view, &mut content).await?;
        Ok(content)
    }
}

/// Refuses what no resource of the account can be, whatever the store holds.
pub(super) fn check_alone<R: Resource>(
    cx: &Context,
    account: AccountId,
    config: &R::Config,
) -> Result<(), ServiceError> {
    R::check(config, &cx.rules().quotas)?;
    R::check_for(account, config)?;
    R::check_here(config, cx)
}

/// Whether a kind is kept as a document. Stores and functions are not; the store itself checks references to them.
fn is_document(kind: ResourceKind) -> bool {
    ![ResourceKind::FUNCTION, ResourceKind::KEY_VALUE_STORE].contains(&kind)
}

/// The state after a change.
pub(super) fn changing<R: Resource>(cx: &Context, longer: Duration) -> Option<StateRecord> {
    let states = R::STATES?;
    let lasts = (states.lasts)(&cx.rules().settling).saturating_add(longer);
    Some(states::changing(states.changing, states.settled, cx.now_ms(), lasts))
}

/// A resource that was deleted, as the answer shows it: its deletion is a change that has not settled.
pub(super) fn leaving<R: Resource>(cx: &Context, mut record: ResourceRecord) -> ResourceRecord {
    record.state = changing::<R>(cx, Duration::ZERO);
    record.modified_ms = cx.now_ms();
    record.version = record.version.saturating_add(1);
    record
}

/// The description of a kind that the resource refers to.
fn target<R: Resource>(kind: ResourceKind) -> Result<&'static Target, ServiceError> {
    let target = R::TARGETS.iter().find(|target| target.kind == kind);
    target.ok_or_else(|| {
        ServiceError::internal(format!("{} is not among the targets of {}", kind.as_str(), R::KIND.as_str()))
    })
}

/// Why the store did nothing, in the words of the resource.
pub(crate) fn aborted<R: Resource>(abort: Abort<Refused>) -> ServiceError {
    error::aborted(abort, |refused| {
        let refusal = match &refused {
            Refused::Absent => Some(R::REFUSALS.absent),
            Refused::Stale => Some(if_match::stale()),
            Refused::NameTaken(_) => R::REFUSALS.name_taken.map(|taken| taken.refusal),
            Refused::CallerReferenceUsed(earlier) => {
                R::REFUSALS.caller_reference_used.map(|used| R::caller_reference_used(used, earlier))
            }
            Refused::DomainNameTaken(_) => Some(ServiceError::CNAME_ALREADY_EXISTS),
            Refused::NoSuchTarget(missing) => match target::<R>(missing.target.kind()) {
                Ok(target) => Some(target.absent.clone()),
                Err(error) => return error,
            },
            Refused::LimitReached => Some(R::REFUSALS.too_many),
            Refused::IdUsed => None,
            Refused::InUse(_) => Some(R::REFUSALS.in_use),
        };
        refusal.unwrap_or_else(|| {
            ServiceError::internal(format!("{} does not expect {refused:?}", R::KIND.as_str()))
        })
    })
}

/// The codes that an operation can refuse a proposal with, beside the common ones.
pub(super) fn errors<R: Resource>(operation: &'static str) -> impl Iterator<Item = Code> {
    let rules = R::RULES.iter().chain(R::STORED_RULES).copied();
    let codes = rules.chain(R::TARGETS.iter().map(|target| target.absent.code()));
    codes.filter(|code| R::declares(operation, *code))
}

/// A refusal of a proposal by an operation.
pub(super) fn refused<R: Resource>(operation: &str, error: ServiceError) -> ServiceError {
    let declared = error.failure().is_some() || R::declares(operation, error.code());
    if declared { error } else { as_argument(&error) }
}
